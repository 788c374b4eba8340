-- When the cluster is secure, users of Standard CTI Secure Connection have to connect encrypted, with
-- their own key; others may choose. Where it is not, everybody may.
local c = cluster [[
return {
	nodes = { "ccm1", "ccm2" },
	groups = { g = { "ccm1", "ccm2" } },
	pools = { p = "g" },
	ports = { { "CTIP_6001", pool = "p", dn = "6001" } },
	users = {
		guarded = { application = true, password = "secret", devices = { "CTIP_6001" },
			groups = { "Standard CTI Enabled", "Standard CTI Secure Connection" } },
		other = { application = true, password = "secret", devices = { "CTIP_6001" },
			groups = { "Standard CTI Enabled" } },
	},
	parameters = { ["Cluster Security Mode"] = 1 },
}
]]

-- In the clear: refused, though the password is right.
local clear = c:app("clear", { user = "guarded", ctimanagers = { "ccm1" } })
expect(clear, "Response", { result = "CONNECTION_ON_INVALID_PORT" }, within "5s", clause "GRP-06")

-- Encrypted, and at the next CTIManager again.
local guarded = c:app("guarded", { key = "guarded", ctimanagers = { "ccm1", "ccm2" } })
expect(guarded, "ProviderOpenCompleted", {}, within "5s", clause "GRP-06")
guarded:open "CTIP_6001"
expect(guarded, "DeviceInService", { device = "CTIP_6001", node = "ccm1" }, within "2s")
local m = mark()
c:kill "ccm1"
expect(guarded, "ProviderInService", { node = "ccm2" }, within "5s", from(m), clause "CTF-03")
expect(guarded, "DeviceInService", { device = "CTIP_6001", node = "ccm2" }, within "10s", from(m), clause "CTF-03")
c:start "ccm1"

-- A user outside the group may use either.
local either = c:app("either", { user = "other", ctimanagers = { "ccm2" } })
expect(either, "ProviderOpenCompleted", {}, within "5s", clause "GRP-06")
local encrypted = c:app("encrypted", { user = "other", key = "other", ctimanagers = { "ccm2" } })
expect(encrypted, "ProviderOpenCompleted", {}, within "5s", clause "GRP-06")

-- Somebody else's key is no better than a wrong password, and without a key nobody gets in.
local thief = c:app("thief", { user = "guarded", key = "other", ctimanagers = { "ccm1" } })
expect(thief, "Response", { result = "DIRECTORY_LOGIN_FAILED" }, within "5s", clause "GRP-06")
local keyless = c:app("keyless", { user = "other", key = "nobody", ctimanagers = { "ccm1" }, wait = false })
never(keyless, "ProviderOpenCompleted", {}, within "3s", clause "GRP-06")
