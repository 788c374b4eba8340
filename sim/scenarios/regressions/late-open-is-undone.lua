-- CTF-10: an open that was answered too late stayed open at the CTIManager, although the application had been told of a
-- time-out: it could neither use the device nor open it again.
local c = cluster([[
return {
	nodes = { "ccm1", "ccm2", "ccm3" },
	groups = {
		g1 = { "ccm3" },
		g2 = { "ccm1", "ccm2", "ccm3" },
	},
	pools = { p1 = "g1", p2 = "g2" },
	phones = {
		{ "SEP000000000001", dn = "1001", pool = "p1", cfna = "1001", max_calls = 2, busy_trigger = 2 },
		{ "SEP000000000002", dn = "1002", pool = "p2", cfna = "1002" },
		{ "SEP000000000003", dn = "1003", pool = "p2", cfb = "1001", cfna = "1001" },
	},
	ports = {
	},
	route_points = {
	},
	users = {
		user1 = { application = false, password = "secret",
			groups = { "Standard CTI Enabled" },
			devices = { "SEP000000000001", "SEP000000000003" } },
	},
	parameters = {
		["Maximum Devices Per Node"] = 2,
	},
}
]], { seed = "8966", speed = 20 })
local app1 = c:app("app1", { user = "user1", heartbeat = "30s", ctimanagers = { "ccm1", "ccm2" }, wait = false })

advance "2717441us"
c:freeze("ccm1:callmanager")
advance "57766us"
app1:open("SEP000000000003")
advance "8840925us"
app1:open("SEP000000000003")
c:rest()
