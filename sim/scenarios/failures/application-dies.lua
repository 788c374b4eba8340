-- An application dies with calls at its ports: one is held, one connected, one still waits for the address of its
-- media. The first two end; the third was not answered for good, and goes to Call Forward On Failure.
local c = cluster([[
return {
	nodes = { "ccm1", "ccm2", "ccm3" },
	groups = { west = { "ccm1", "ccm3" }, east = { "ccm2", "ccm3" } },
	pools = { west = "west", east = "east" },
	phones = { { "SEP000000000001", count = 4, dn = "1001", pool = "west" } },
	ports = {
		{ "CTIP_6001", dn = "6001", cfof = "1004", pool = "east" },
		{ "CTIP_6002", dn = "6002", cfof = "1004", pool = "east" },
		{ "CTIP_6003", dn = "6003", cfof = "1004", pool = "east" },
	},
	users = {
		ivr = { application = true, password = "ivr", groups = { "Standard CTI Enabled" },
			devices = { "CTIP_6001", "CTIP_6002", "CTIP_6003" } },
	},
}
]])
local anna = c:phone "SEP000000000001"
local bert = c:phone "SEP000000000002"
local cleo = c:phone "SEP000000000003"
local dora = c:phone "SEP000000000004"
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })

local m = mark()
ivr:open "CTIP_6001"
ivr:open "CTIP_6002"
ivr:open("CTIP_6003", { media = "dynamic" })
for _, port in ipairs { "CTIP_6001", "CTIP_6002", "CTIP_6003" } do
	expect(ivr, "LineInService", { device = port, node = "ccm2" }, within "2s", from(m))
end
local function call(who, number, port)
	who:call(number)
	expect(ivr, "NewCall", { device = port }, within "3s", from(m))
	ivr:answer(port)
	expect(who, "StationCallState", { state = "Connected" }, within "3s", from(m))
end
call(anna, "6001", "CTIP_6001")
expect(anna, "MediaStreamStarted", within "3s", from(m))
ivr:hold "CTIP_6001"
expect(ivr, "CallStateChanged", { device = "CTIP_6001", state = "ONHOLD" }, within "2s", from(m))
call(bert, "6002", "CTIP_6002")
expect(bert, "MediaStreamStarted", within "3s", from(m))
ivr:media "hand"
call(cleo, "6003", "CTIP_6003")
expect(ivr, "DeviceCallOpenLogicalChannel", { device = "CTIP_6003" }, within "3s", from(m), clause "MED-03")

m = mark()
c:kill "app:ivr"
expect(anna, "StationCallState", { state = "OnHook" }, within "3s", from(m), clause "APF-03")
expect(bert, "StationCallState", { state = "OnHook" }, within "3s", from(m), clause "APF-03")
expect(dora, "StationCallState", { state = "RingIn" }, within "3s", from(m), clause "APF-03")
dora:answer()
expect(cleo, "MediaStreamStarted", within "3s", from(m), clause "APF-03")
