-- CAL-01: a pickup that came to nothing was answered after its call had ended; the library took the answer for the beginning of a
-- call, and ended its observation when the CTIManager went.
local c = cluster([[
return {
	nodes = { "ccm1", "ccm2" },
	groups = {
		g1 = { "ccm1", "ccm2" },
		g2 = { "ccm2" },
	},
	pools = { p1 = "g1", p2 = "g2" },
	dial_rules = { plan = { "1... 0", "5... 0", "6... 0", "77. 2" } },
	phones = {
		{ "SEP000000000001", dn = "1001", pool = "p1", pickup_group = "all" },
		{ "SEP000000000002", dn = "1002", pool = "p2", cfb = "777", pickup_group = "all" },
		{ "SEP000000000003", dn = "1003", pool = "p2", cfna = "1003", pickup_group = "all" },
		{ "SEP000000000004", dn = "1004", pool = "p1", cfb = "8820", max_calls = 3, busy_trigger = 1, pickup_group = "all" },
		{ "SEP000000000005", dn = "1005", pool = "p2", cfb = "1001", cfna = "1005", ring = 26, pickup_group = "all" },
	},
	ports = {
	},
	route_points = {
		{ "CTIRP_5000", dn = "5000", pool = "p2", cfna = "1005", cfof = "1001", ring = 31 },
	},
	park_numbers = { { "881X", node = "ccm1" }, { "882X", node = "ccm2" }, },
	pickup_groups = { { "all", number = "7900" } },
	users = {
		user1 = { application = true, password = "secret",
			groups = { "Standard CTI Enabled" },
			devices = { "SEP000000000005", "CTIRP_5000" } },
		user2 = { application = false, password = "secret",
			groups = { "Standard CTI Enabled", "Standard CTI Allow Control of All Devices" },
			devices = { "SEP000000000002", "SEP000000000003", "SEP000000000004", "CTIRP_5000" } },
	},
	parameters = {
		["Auto Call Pickup Enabled"] = true,
	},
}
]], { seed = "49", speed = 1 })
local app1 = c:app("app1", { user = "user2", heartbeat = "5s", ctimanagers = { "ccm1" }, wait = false })
local app2 = c:app("app2", { user = "user2", heartbeat = "30s", ctimanagers = { "ccm1", "ccm2" }, wait = false })

c:phone("SEP000000000004"):offhook()
c:phone("SEP000000000004"):dial("5000")
app2:open("SEP000000000004")
advance "10ms"
app2:pickup("SEP000000000004", "7900")
advance "10ms"
c:term("ccm1:ctimanager")
c:rest()
