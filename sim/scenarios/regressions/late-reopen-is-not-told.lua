-- CMF-06: a reopen that was answered after the application's time-out told the application that its device is in service,
-- although the library closes such an open again; the next answer told it once more.
local c = cluster([[
return {
	nodes = { "ccm1", "ccm2", "ccm3" },
	groups = {
		g1 = { "ccm1", "ccm3" },
		g2 = { "ccm3", "ccm2", "ccm1" },
	},
	pools = { p1 = "g1", p2 = "g2" },
	phones = {
		{ "SEP000000000001", dn = "1001", pool = "p2", cfna = "1003", enbloc = true },
		{ "SEP000000000002", dn = "1002", pool = "p1" },
		{ "SEP000000000003", dn = "1003", pool = "p2", cfa = "6002", max_calls = 2, busy_trigger = 2, enbloc = true },
		{ "SEP000000000004", dn = "1004", pool = "p1", cfna = "1003" },
	},
	ports = {
		{ "CTIP_6001", dn = "6001", pool = "p2", cfof = "1002" },
		{ "CTIP_6002", dn = "6002", pool = "p1", cfb = "1002", cfna = "1003" },
		{ "CTIP_6003", dn = "6003", pool = "p1", cfof = "1004", ring = 35 },
	},
	route_points = {
		{ "CTIRP_5000", dn = "5000", pool = "p2", ring = 10 },
	},
	users = {
		user1 = { application = true, password = "secret",
			groups = { "Standard CTI Enabled" },
			devices = { "SEP000000000001", "SEP000000000002", "CTIP_6001", "CTIP_6002", "CTIP_6003", "CTIRP_5000" } },
	},
	parameters = {
		["Maximum Devices Per Provider"] = 2,
		["Owner Alive Timer"] = 16,
	},
}
]], { seed = "32958", speed = 10 })
local app1 = c:app("app1", { user = "user1", heartbeat = "30s", ctimanagers = { "ccm3", "ccm1" }, wait = false })
local app2 = c:app("app2", { user = "user1", heartbeat = "5s", ctimanagers = { "ccm2", "ccm3", "ccm1" }, wait = false })

advance "6893342us"
app1:open("CTIP_6003")
advance "17712584us"
c:slow("ccm1:callmanager", "ccm1:ctimanager", "1547ms")
advance "448380us"
c:term("ccm3:ctimanager")
advance "3125795us"
c:phone("SEP000000000004"):resume()
c:rest()
