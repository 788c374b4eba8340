-- A user opens only what is associated with him; and a limit on devices warns, but refuses nobody.
local c   = cluster "two-groups"
local acd = c:app("acd", { user = "acd", ctimanagers = { "ccm1" } })
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1" } })

local m = mark()
acd:open "CTIP_6001"
expect(acd, "Response", { result = "ACCESS_TO_DEVICE_DENIED" }, within "3s", from(m), clause "USR-01")

-- Maximum Devices Per Provider is 3.
for _, port in ipairs { "CTIP_6001", "CTIP_6002", "CTIP_6003", "CTIP_6004" } do
	ivr:open(port)
	expect(ivr, "LineInService", { device = port }, within "3s", from(m), clause "MGR-09")
end
expect(c, "MaxDevicesPerProviderExceeded", within "3s", from(m), clause "MGR-07")
