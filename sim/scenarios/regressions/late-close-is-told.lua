-- CTF-10: a close of a line that was answered too late left the application with a line that its CTIManager had closed.
local c = cluster([[
return {
	nodes = { "ccm1", "ccm2", "ccm3" },
	groups = {
		g1 = { "ccm3", "ccm2", "ccm1" },
		g2 = { "ccm1" },
	},
	pools = { p1 = "g1", p2 = "g2" },
	phones = {
		{ "SEP000000000001", dn = "1001", pool = "p1", max_calls = 2, busy_trigger = 2, enbloc = true },
		{ "SEP000000000002", dn = "1002", pool = "p2", cfna = "1004", ring = 51 },
		{ "SEP000000000003", dn = "1003", pool = "p2", cfna = "6002", max_calls = 2, busy_trigger = 2 },
		{ "SEP000000000004", dn = "1004", pool = "p2", cfna = "6001", enbloc = true },
		{ "SEP000000000005", dn = "1005", pool = "p2" },
	},
	ports = {
		{ "CTIP_6001", dn = "6001", pool = "p2", ring = 34 },
		{ "CTIP_6002", dn = "6002", pool = "p2" },
	},
	route_points = {
		{ "CTIRP_5000", dn = "5000", pool = "p2", ring = 14 },
		{ "CTIRP_5001", dn = "5001", pool = "p1", ring = 57 },
	},
	users = {
		user1 = { application = false, password = "secret",
			groups = { "Standard CTI Enabled" },
			devices = { "SEP000000000003", "SEP000000000004", "CTIP_6001", "CTIP_6002", "CTIRP_5000" } },
		user2 = { application = true, password = "secret",
			groups = { "Standard CTI Enabled" },
			devices = { "SEP000000000004", "CTIP_6001", "CTIP_6002", "CTIRP_5000", "CTIRP_5001" } },
	},
	parameters = {
	},
}
]], { seed = "14425", speed = 10 })
local app1 = c:app("app1", { user = "user1", heartbeat = "30s", ctimanagers = { "ccm1" }, wait = false })

advance "79773us"
app1:open("CTIP_6001", { media = "watch" })
advance "1281139us"
c:freeze("ccm1:ctimanager")
advance "70220us"
app1:lineclose("CTIP_6001", "6001")
advance "4594049us"
c:phone("SEP000000000001"):call("5001")
c:rest()
