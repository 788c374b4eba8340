-- CMF-11: a device that was being reopened was closed twice; the second close was answered at once with success, and then the
-- device came into service, for the first had to wait for the reopening.
local c = cluster([[
return {
	nodes = { "ccm1", "ccm2", "ccm3" },
	groups = {
		g1 = { "ccm1", "ccm3" },
		g2 = { "ccm2", "ccm3", "ccm1" },
	},
	pools = { p1 = "g1", p2 = "g2" },
	partitions = { "red", "blue" },
	search_spaces = { all = { "red", "blue" }, reds = { "red" }, blues = { "blue" } },
	dial_rules = { plan = { "1... 0", "5... 0", "6... 0", "77. 2" } },
	phones = {
		{ "SEP000000000001", pool = "p1", lines = { { dn = "1001", cfna = "777", pickup_group = "all", partition = "blue", css = "blues" }, { dn = "1501" } } },
		{ "SEP000000000002", pool = "p1", dn = "1002", ring = 36, pickup_group = "all", partition = "red", css = "all" },
	},
	ports = {
		{ "CTIP_6001", pool = "p1", dn = "6001", cfna = "6001", css = "blues" },
	},
	route_points = {
	},
	park_numbers = { { "8810", node = "ccm1" }, { "882X", node = "ccm2" }, { "8830", node = "ccm3" }, },
	pickup_groups = { { "all", number = "7900" } },
	users = {
		user1 = { application = true, password = "secret",
			groups = { "Standard CTI Enabled" },
			devices = { "SEP000000000001", "CTIP_6001" } },
		user2 = { application = false, password = "secret",
			groups = { "Standard CTI Enabled" },
			devices = { "SEP000000000002" } },
	},
	parameters = {
		["Auto Call Pickup Enabled"] = true,
	},
}
]], { seed = "30066", speed = 4 })
local app1 = c:app("app1", { user = "user2", heartbeat = "30s", ctimanagers = { "ccm1", "ccm2" }, wait = false })
local app2 = c:app("app2", { user = "user2", heartbeat = "5s", ctimanagers = { "ccm1" }, wait = false })

app1:open("SEP000000000002")
advance "10ms"
c:freeze("ccm1:callmanager")
c:kill("ccm1:ctimanager")
advance "10ms"
app1:close("SEP000000000002")
app1:close("SEP000000000002")
c:rest()
