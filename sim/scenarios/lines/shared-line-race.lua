-- Two devices of a shared line answer at once: one has the call, the other is told so. Everybody who watches an
-- appearance sees the same, and in the same order.
local c    = cluster "dial-plan"
local free = c:phone "SEP000000000005"
local a    = c:phone "SEP000000000020"
local b    = c:phone "SEP000000000021"
local d    = c:phone "SEP000000000022"

local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1" } })
local acd = c:app("acd", { user = "ivr", ctimanagers = { "ccm2" } })
for _, app in ipairs { ivr, acd } do
	app:open "SEP000000000020"
	app:open "SEP000000000021"
	expect(app, "LineInService", { device = "SEP000000000020" }, within "3s")
	expect(app, "LineInService", { device = "SEP000000000021" }, within "3s")
end

local m = mark()
free:call "3020"
for _, app in ipairs { ivr, acd } do
	expect(app, "CallStateChanged", { device = "SEP000000000020", state = "ACCEPTED" }, within "2s", from(m))
	expect(app, "CallStateChanged", { device = "SEP000000000021", state = "ACCEPTED" }, within "2s", from(m))
end
m = mark()
ivr:answer "SEP000000000020"
acd:answer "SEP000000000021"
expect(free, "StationCallState", { state = "Connected" }, within "2s", from(m), clause "CAL-01")
-- The loser is refused while the two are weighed; if it comes later than that, the call is over there already.
local function answers(result)
	return seen(ivr, "Response", { result = result }, from(m)) + seen(acd, "Response", { result = result }, from(m))
end
local function refused()
	return answers "OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE" + answers "CALLHANDLE_UNKNOWN_TO_LINECONTROL"
end
eventually(function() return answers "SUCCESS" == 1 end, within "2s", clause "CAL-01")
always(function() return answers "SUCCESS" == 1 and refused() <= 1 end, within "500ms", clause "CAL-01")
expect(d, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "CAL-01")

-- The winner is CONNECTED, the loser IDLE, and both applications have seen both.
local winner, loser = "SEP000000000020", "SEP000000000021"
if seen(ivr, "Response", { result = "SUCCESS" }, from(m)) == 0 then
	winner, loser = loser, winner
end
for _, app in ipairs { ivr, acd } do
	expect(app, "CallStateChanged", { device = winner, state = "CONNECTED" }, within "2s", from(m), clause "CAL-06")
	expect(app, sequence { { "CallStateChanged", device = loser, state = "DISCONNECTED" },
			{ "CallStateChanged", device = loser, state = "IDLE" }, { "CallClosed", device = loser } },
		within "2s", from(m), clause "CAL-06")
end
never(ivr, "CallStateChanged", { device = loser, state = "CONNECTED" }, within "500ms", from(m))
free:hangup()
for _, app in ipairs { ivr, acd } do
	expect(app, "CallClosed", { device = winner }, within "2s", from(m))
end
