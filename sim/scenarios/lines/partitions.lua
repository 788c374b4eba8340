-- Who is reached by a number: the same digits stand in two partitions, and the caller's search spaces decide. What a
-- caller cannot reach does not exist for it, and it does not wait for its digits either.
local c     = cluster "dial-plan"
local staff = c:phone "SEP000000000001"
local two_s = c:phone "SEP000000000002" -- 2001 of the staff
local two_g = c:phone "SEP000000000003" -- 2001 of the guests
local guest = c:phone "SEP000000000004"
local free  = c:phone "SEP000000000005" -- 3005, in no partition

local function rings(who, number, whom)
	local m = mark()
	who:call(number)
	expect(whom, "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "CAL-01")
	who:hangup()
	expect(who, "StationCallState", { state = "OnHook" }, within "2s", from(m))
	expect(whom, "StationCallState", { state = "OnHook" }, within "2s", from(m))
end

local function fails(who, number)
	local m = mark()
	who:call(number)
	expect(who, "StationStartTone", { tone = "ReorderTone" }, within "2s", from(m), clause "CAL-01")
	who:hangup()
	expect(who, "StationCallState", { state = "OnHook" }, within "2s", from(m))
end

rings(staff, "2001", two_s)
rings(guest, "2001", two_g)
rings(two_s, "1001", staff) -- the device's search space serves as well as the line's
fails(guest, "1001")
fails(free, "1001")
fails(free, "2001")
rings(free, "3006", c:phone "SEP000000000006")
rings(guest, "3005", free)
rings(staff, "3005", free)

-- Digit by digit: 2001 is complete for a guest, whatever else begins with 2 elsewhere.
local m = mark()
guest:offhook()
guest:dial "2001"
expect(two_g, "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "DEV-04")
guest:hangup()
expect(two_g, "StationCallState", { state = "OnHook" }, within "2s", from(m))
fails(staff, "12345678901234567890123456789012345678901234567890")
fails(staff, "4")
