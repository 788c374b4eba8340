-- Who may terminate media where. One application statically, several dynamically if what they can do is the same; a second
-- registration of another type is refused by the type that is there; opening without media works beside all of them.
local c   = cluster "devices"
local ivr = c:app("ivr", { ctimanagers = { "ccm1" } })
local acd = c:app("acd", { ctimanagers = { "ccm2" } })
local two = c:app("two", { user = "ivr", ctimanagers = { "ccm3" } })

local function refused(who, device, media, why, ...)
	local m = mark()
	who:open(device, { media = media })
	expect(who, "Response", { result = why }, within "2s", from(m), ...)
	never(who, "DeviceInService", { device = device }, within "300ms", from(m), ...)
end

local function opens(who, device, media, ...)
	local m = mark()
	who:open(device, { media = media })
	expect(who, "DeviceInService", { device = device }, within "2s", from(m), ...)
end

say "Static: the first one has it."
opens(ivr, "CTIP_6001", "static", clause "MED-01")
refused(acd, "CTIP_6001", "static", "MEDIA_ALREADY_TERMINATED_STATIC", clause "MED-02")
refused(acd, "CTIP_6001", "dynamic", "MEDIA_ALREADY_TERMINATED_STATIC", clause "MED-07")
refused(acd, "CTIP_6001", "none", "MEDIA_ALREADY_TERMINATED_STATIC", clause "MED-07")
opens(acd, "CTIP_6001", "watch", clause "MED-07")

say "Dynamic: everybody who can do the same, but no other type."
opens(ivr, "CTIRP_5000", "dynamic", clause "MED-05")
opens(acd, "CTIRP_5000", "dynamic", clause "MED-05")
refused(two, "CTIRP_5000", "none", "MEDIA_ALREADY_TERMINATED_DYNAMIC", clause "MED-07")
opens(two, "CTIRP_5000", "watch", clause "MED-07")

say "None: calls are controlled, media end nowhere."
opens(ivr, "CTIP_6100", "none", clause "MED-07")
refused(acd, "CTIP_6100", "dynamic", "MEDIA_ALREADY_TERMINATED_NONE", clause "MED-07")

say "A route point takes no static media, a phone no media at all."
refused(ivr, "CTIRP_5100", "static", "DEVICE_REGISTRATION_FAILED_NOT_SUPPORTED_MEDIATYPE", clause "MED-06")
refused(ivr, "SEP000000000001", "static", "CANNOT_TERMINATE_MEDIA_ON_PHONE", clause "MED-07")
refused(ivr, "SEP000000000001", "dynamic", "CANNOT_TERMINATE_MEDIA_ON_PHONE", clause "MED-07")
opens(ivr, "SEP000000000001", "watch", clause "MED-07")

say "When the first one closes it, the next one may have it."
local m = mark()
ivr:close "CTIP_6001"
expect(ivr, "Response", { result = "SUCCESS" }, within "2s", from(m))
m = mark()
acd:close "CTIP_6001"
expect(acd, "Response", { result = "SUCCESS" }, within "2s", from(m))
opens(acd, "CTIP_6001", "static", clause "MED-02")
