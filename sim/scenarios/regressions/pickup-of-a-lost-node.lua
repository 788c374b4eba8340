-- CAL-04: a pickup had heard of a call at ccm1 and waited for what ccm2 would say, when both were lost at once: it asked ccm1 for
-- the call over a link whose loss it had been told of already, and waited for the answer for ever.
local c = cluster([[
return {
	nodes = { "ccm1", "ccm2", "ccm3" },
	groups = {
		g1 = { "ccm1", "ccm3", "ccm2" },
		g2 = { "ccm3", "ccm2" },
	},
	pools = { p1 = "g1", p2 = "g2" },
	partitions = { "red", "blue" },
	search_spaces = { all = { "red", "blue" }, reds = { "red" }, blues = { "blue" } },
	dial_rules = { plan = { "1... 0", "5... 0", "6... 0", "77. 2" } },
	phones = {
		{ "SEP000000000001", dn = "1001", pool = "p1", cfna = "5001", max_calls = 2, busy_trigger = 1, pickup_group = "all", css = "all" },
		{ "SEP000000000002", dn = "1002", pool = "p1", pickup_group = "all", sip = true, model = 7940, transport = "udp", partition = "blue", css = "blues" },
		{ "SEP000000000003", dn = "1003", pool = "p2", cfb = "6002", cfna = "5000", ring = 46, max_calls = 2, busy_trigger = 2, pickup_group = "all", partition = "blue", css = "reds" },
		{ "SEP000000000004", dn = "1004", pool = "p2", pickup_group = "all", sip = true, model = 7911, dial_rules = "plan", css = "blues" },
		{ "SEP000000000005", dn = "1005", pool = "p1", ring = 27, pickup_group = "all", css = "reds" },
	},
	ports = {
		{ "CTIP_6001", dn = "6001", pool = "p1", ring = 54, css = "all" },
		{ "CTIP_6002", dn = "6002", pool = "p2", cfb = "1001", cfof = "1001", partition = "red", css = "blues" },
		{ "CTIP_6003", dn = "6003", pool = "p2", css = "all" },
	},
	route_points = {
		{ "CTIRP_5000", dn = "5000", pool = "p1", cfof = "1003", partition = "blue", css = "blues" },
		{ "CTIRP_5001", dn = "5001", pool = "p1", cfa = "6003", partition = "blue", css = "all" },
	},
	park_numbers = { { "8810", node = "ccm1" }, { "882X", node = "ccm2" }, { "8830", node = "ccm3" }, },
	pickup_groups = { { "all", number = "7900" } },
	users = {
		user1 = { application = true, password = "secret",
			groups = { "Standard CTI Enabled" },
			devices = { "SEP000000000003", "SEP000000000005", "CTIP_6001", "CTIP_6002", "CTIP_6003", "CTIRP_5000", "CTIRP_5001" } },
		user2 = { application = true, password = "secret",
			groups = { "Standard CTI Enabled" },
			devices = { "SEP000000000001", "SEP000000000003", "SEP000000000004", "SEP000000000005", "CTIP_6001", "CTIP_6003", "CTIRP_5001" } },
	},
	parameters = {
		["Owner Alive Timer"] = 14,
		["Auto Call Pickup Enabled"] = true,
	},
}
]], { seed = "23274", speed = 10 })

c:freeze("ccm2:callmanager")
c:phone("SEP000000000001"):call("1002")
advance "1ms"
c:phone("SEP000000000004"):pickup()
advance "10ms"
c:freeze("ccm3:callmanager")
advance "4s"
c:thaw("ccm2:callmanager")
c:rest()
