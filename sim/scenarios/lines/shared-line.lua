-- One number on three phones of three nodes: all ring, the first to answer has the call, the others stop. Busy is who is
-- busy everywhere; a node that dies takes only its own appearance with it; nobody answers: the line forwards once.
local c     = cluster "dial-plan"
local staff = c:phone "SEP000000000001"
local two_s = c:phone "SEP000000000002" -- 2001
local guest = c:phone "SEP000000000004"
local free  = c:phone "SEP000000000005" -- 3005
local a     = c:phone "SEP000000000020" -- 3020 at ccm1
local b     = c:phone "SEP000000000021" -- at ccm2
local d     = c:phone "SEP000000000022" -- at ccm3
local three = { a, b, d }

local function all_ring(who, from_mark)
	for _, phone in ipairs(who) do
		expect(phone, "StationCallState", { state = "RingIn" }, within "2s", from(from_mark), clause "CAL-01")
	end
end

local function all_quiet(who, from_mark)
	for _, phone in ipairs(who) do
		expect(phone, "StationCallState", { state = "OnHook" }, within "2s", from(from_mark), clause "CAL-01")
	end
end

-- The caller gives up.
local m = mark()
free:call "3020"
all_ring(three, m)
expect(free, "StationCallState", { state = "RingOut" }, within "2s", from(m))
free:hangup()
all_quiet(three, m)

-- One answers; the voice goes between the two.
m = mark()
free:call "3020"
all_ring(three, m)
b:answer()
expect(free, "StationCallState", { state = "Connected" }, within "2s", from(m), clause "CAL-01")
expect(b, "StationCallState", { state = "Connected" }, within "2s", from(m), clause "CAL-01")
expect(free, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(b, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
all_quiet({ a, d }, m)

-- b is busy: the others are not; when all are, the call goes to 3005, which is busy with this call.
m = mark()
staff:call "3020"
all_ring({ a, d }, m)
never(b, "StationCallState", { state = "RingIn" }, within "500ms", from(m))
a:answer()
expect(staff, "StationCallState", { state = "Connected" }, within "2s", from(m))
all_quiet({ d }, m)
m = mark()
two_s:call "3020"
all_ring({ d }, m)
d:answer()
expect(two_s, "StationCallState", { state = "Connected" }, within "2s", from(m))
m = mark()
guest:call "3020"
expect(free, "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "DEV-13")
guest:hangup()
-- The node of one call's caller, and of a, dies: b and free are connected over ccm1 and ccm2.
for _, who in ipairs { staff, two_s, free } do
	who:hangup()
end
for _, who in ipairs { a, b, d } do
	expect(who, "StationCallState", { state = "OnHook" }, within "2s", from(m))
end
settle "3s"

-- An appearance's node dies while all ring: the others ring on, and one of them answers.
m = mark()
free:call "3020"
all_ring(three, m)
c:kill "ccm3"
expect(c, "SDLLinkOOS", { NodeID = "ccm1", RemoteNodeID = "3", RemoteApplicationId = "100" }, within "5s", from(m))
b:answer()
expect(free, "StationCallState", { state = "Connected" }, within "2s", from(m), clause "CAL-03")
all_quiet({ a }, m)
free:hangup()
all_quiet({ b }, m)

-- Nobody answers.
m = mark()
free:call "3020"
all_ring({ a, b }, m)
expect(two_s, "StationCallState", { state = "RingIn" }, within(scaled "6s"), from(m), clause "CAL-01")
all_quiet({ a, b }, m)
free:hangup()
all_quiet({ two_s }, m)

-- The caller's own node dies: all stop.
m = mark()
two_s:call "3020"
all_ring({ a, b }, m)
c:kill "ccm2"
expect(a, "StationCallState", { state = "OnHook" }, within "5s", from(m), clause "CAL-03")
