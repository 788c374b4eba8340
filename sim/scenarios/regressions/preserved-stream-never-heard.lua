-- CAL-04: the stream of a preserved call never ended when the other side had ended its own before it was heard even
-- once: neither its last tick nor its silence counted.
local c = cluster([[
return {
	nodes = { "ccm1" },
	groups = {
		g1 = { "ccm1" },
		g2 = { "ccm1" },
	},
	pools = { p1 = "g1", p2 = "g2" },
	phones = {
		{ "SEP000000000001", dn = "1001", pool = "p2", cfb = "1001" },
		{ "SEP000000000002", dn = "1002", pool = "p2", cfb = "6001", cfna = "1004", max_calls = 3, busy_trigger = 1 },
		{ "SEP000000000003", dn = "1003", pool = "p1" },
		{ "SEP000000000004", dn = "1004", pool = "p2", cfna = "777", enbloc = true },
	},
	ports = {
		{ "CTIP_6001", dn = "6001", pool = "p1", cfb = "777", cfna = "1003" },
	},
	route_points = {
	},
	users = {
		user1 = { application = true, password = "secret",
			groups = { "Standard CTI Enabled" },
			devices = { "SEP000000000001", "SEP000000000002", "SEP000000000004", "CTIP_6001" } },
	},
	parameters = {
		["Maximum Devices Per Node"] = 3,
	},
}
]], { seed = "971", speed = 4 })
local app1 = c:app("app1", { user = "user1", heartbeat = "5s", ctimanagers = { "ccm1" }, wait = false })
local app2 = c:app("app2", { user = "user1", heartbeat = "30s", ctimanagers = { "ccm1" }, wait = false })

advance "453210us"
app1:auto("off")
advance "940511us"
app2:open("CTIP_6001", { media = "dynamic" })
advance "660ms"
app2:auto("answer")
advance "780ms"
c:phone("SEP000000000001"):call("6001")
advance "393246us"
c:kill("ccm1:callmanager")
c:rest()
