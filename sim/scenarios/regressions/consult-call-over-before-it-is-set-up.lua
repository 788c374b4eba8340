-- CAL-02: a consult call whose held call ended before the called line had answered the set-up, or while a shared line rang, was
-- taken for a consult call by the called side for ever: it ended with the caller's node, with nothing under way.
local c = cluster([[
return {
	nodes = { "ccm1", "ccm2" },
	groups = { west = { "ccm1", "ccm2" }, east = { "ccm2", "ccm1" } },
	pools = { west = "west", east = "east" },
	phones = {
		{ "SEP000000000001", count = 2, dn = "1001", pool = "west" },
		{ "SEP000000000011", count = 2, dn = "2001", pool = "east" },
		{ "SEP000000000021", dn = "3001", pool = "east" },
		{ "SEP000000000022", dn = "3001", pool = "east" },
	},
}
]], { speed = 10 })
local bert = c:phone "SEP000000000002" -- 1002, at ccm1
local anna = c:phone "SEP000000000001" -- 1001, at ccm1
local dora = c:phone "SEP000000000011" -- 2001, at ccm2
local emma = c:phone "SEP000000000021" -- 3001, at ccm2

local function begin()
	local m = mark()
	anna:call "1002"
	expect(bert, "StationCallState", { state = "RingIn" }, within "3s", from(m))
	bert:answer()
	expect(anna, "MediaStreamStarted", within "3s", from(m))
	expect(bert, "MediaStreamStarted", within "3s", from(m))
end

local function answered(phone, m)
	expect(phone, "StationCallState", { state = "RingIn" }, within "3s", from(m))
	phone:answer()
	expect(phone, "MediaStreamStarted", within "3s", from(m))
	expect(bert, "MediaStreamStarted", within "3s", from(m))
	settle "3s"
	m = mark()
	c:kill("ccm1", "callmanager")
	never(phone, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "CAL-02")
	never(phone, "MediaStreamStopped", within "100ms", from(m), clause "CAL-02")
	m = mark()
	bert:hangup()
	expect(phone, "StationCallState", { state = "OnHook" }, within "5s", from(m), clause "CAL-04")
end

c:slow("ccm1", "ccm2", "300ms")
begin()
local m = mark()
bert:transfer "2001"
expect(bert, "StationCallState", { state = "Hold" }, within "2s", from(m))
anna:hangup()
answered(dora, m)

m = mark()
c:slow("ccm1", "ccm2", "0ms")
c:start("ccm1", "callmanager")
expect(bert, "StationRegisterAck", { node = "ccm1" }, within "60s", from(m))
expect(anna, "StationRegisterAck", { node = "ccm1" }, within "60s", from(m))
settle "5s"
begin()
m = mark()
bert:transfer "3001"
expect(emma, "StationCallState", { state = "RingIn" }, within "2s", from(m))
anna:hangup()
expect(bert, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "CAL-01")
answered(emma, m)
c:start("ccm1", "callmanager")
c:rest()
