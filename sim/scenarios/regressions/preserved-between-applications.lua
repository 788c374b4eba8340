-- CAL-04: two applications talked when their CallManager ended; nothing could end the two streams, since each side
-- heard the other one. Whoever hangs up ends its own.
local c = cluster([[
return {
	nodes = { "ccm1", "ccm2", "ccm3" },
	groups = {
		g1 = { "ccm2" },
		g2 = { "ccm3" },
	},
	pools = { p1 = "g1", p2 = "g2" },
	phones = {
		{ "SEP000000000001", dn = "1001", pool = "p2", cfna = "6002", enbloc = true },
	},
	ports = {
		{ "CTIP_6001", dn = "6001", pool = "p1", cfb = "6002", cfof = "1001", ring = 19 },
		{ "CTIP_6002", dn = "6002", pool = "p1", cfof = "777" },
		{ "CTIP_6003", dn = "6003", pool = "p2" },
	},
	route_points = {
		{ "CTIRP_5000", dn = "5000", pool = "p1", cfb = "777" },
	},
	users = {
		user1 = { application = true, password = "secret",
			groups = { "Standard CTI Enabled" },
			devices = { "SEP000000000001", "CTIP_6002", "CTIP_6003", "CTIRP_5000" } },
		user2 = { application = true, password = "secret",
			groups = { "Standard CTI Enabled" },
			devices = { "CTIP_6001", "CTIP_6002", "CTIP_6003", "CTIRP_5000" } },
	},
	parameters = {
	},
}
]], { seed = "31630", speed = 1 })
local app1 = c:app("app1", { user = "user1", heartbeat = "5s", ctimanagers = { "ccm3", "ccm1", "ccm2" }, wait = false })
local app2 = c:app("app2", { user = "user1", heartbeat = "5s", ctimanagers = { "ccm1", "ccm2" }, wait = false })

advance "56264us"
app1:open("CTIP_6002")
advance "34861us"
app2:open("CTIRP_5000")
advance "34589us"
app2:call("CTIRP_5000", "6002")
advance "316629us"
app1:answer("CTIP_6002")
advance "381624us"
c:term("ccm2:callmanager")
c:rest()
