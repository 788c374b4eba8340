-- CMF-06: a device that was reopened, but answered too late, was closed and opened again; the application was told that
-- it was in service both times, and never in between that it was not.
local c = cluster([[
return {
	nodes = { "ccm1", "ccm2" },
	groups = {
		g1 = { "ccm1", "ccm2" },
		g2 = { "ccm2", "ccm1" },
	},
	pools = { p1 = "g1", p2 = "g2" },
	phones = {
		{ "SEP000000000001", dn = "1001", pool = "p1" },
	},
	ports = {
	},
	route_points = {
		{ "CTIRP_5001", dn = "5001", pool = "p2", ring = 57 },
	},
	users = {
		user2 = { application = true, password = "secret",
			groups = { "Standard CTI Enabled" },
			devices = { "CTIRP_5001" } },
	},
	parameters = {
	},
}
]], { seed = "5286", speed = 10 })
local app1 = c:app("app1", { user = "user2", heartbeat = "30s", ctimanagers = { "ccm1", "ccm2" }, wait = false })

advance "1618914us"
app1:open("CTIRP_5001", { media = "dynamic" })
advance "3796087us"
c:freeze("ccm1:ctimanager")
advance "5ms"
c:slow("ccm2:callmanager", "ccm2:ctimanager", "1926ms")
advance "7088844us"
c:rest()
