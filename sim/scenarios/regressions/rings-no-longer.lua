-- CAL-04: both calls that were left in a conference rang at phones, parked calls that came back. The conference asked every five
-- seconds for the two to be connected, was refused as they rang, and each time the phones rang anew: for ever.
local c = cluster([[
return {
	nodes = { "ccm1", "ccm2", "ccm3", "ccm4" },
	groups = {
		g1 = { "ccm3" },
		g2 = { "ccm1" },
	},
	pools = { p1 = "g1", p2 = "g2" },
	dial_rules = { plan = { "1... 0", "5... 0", "6... 0", "77. 2" } },
	phones = {
		{ "SEP000000000001", dn = "1001", pool = "p1", cfb = "1003", pickup_group = "all", sip = true, model = 7970, transport = "udp" },
		{ "SEP000000000002", dn = "1002", pool = "p2", cfna = "1002", pickup_group = "all" },
		{ "SEP000000000003", dn = "1003", pool = "p2", cfb = "1003", ring = 50, pickup_group = "all" },
		{ "SEP000000000004", dn = "1004", pool = "p2", cfna = "777", pickup_group = "all", sip = true, model = 7970 },
	},
	ports = {
	},
	route_points = {
	},
	park_numbers = { { "8810", node = "ccm1" }, { "882X", node = "ccm2" }, { "8830", node = "ccm3" }, { "8840", node = "ccm4" }, },
	pickup_groups = { { "all", number = "7900" } },
	users = {
		user1 = { application = true, password = "secret",
			groups = { "Standard CTI Enabled" },
			devices = { "SEP000000000001", "SEP000000000002", "SEP000000000003" } },
	},
	parameters = {
		["Maximum Devices Per Node"] = 2,
		["Call Park Reversion Timer"] = 8,
		["Auto Call Pickup Enabled"] = true,
	},
}
]], { seed = "201", speed = 1 })

c:phone("SEP000000000003"):call("1004")
advance "10ms"
c:phone("SEP000000000004"):answer()
c:phone("SEP000000000004"):conference("1001")
advance "1ms"
c:phone("SEP000000000001"):answer()
c:phone("SEP000000000004"):conference()
advance "10ms"
c:phone("SEP000000000001"):park()
c:phone("SEP000000000004"):park()
c:rest()
