-- The phones and the CallManager of Anna do not hear each other any more, and both live. Anna and the application go on
-- talking; for her CallManager her phone is gone, so the application may only end the call. Afterwards she is
-- registered where she can be reached.
local c    = cluster "park-and-pickup"
local anna = c:phone "SEP000000000001" -- 1001, at ccm1
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })

local m = mark()
ivr:open "CTIP_7001"
ivr:open "SEP000000000001"
expect(ivr, "LineInService", { device = "CTIP_7001", node = "ccm2" }, within "2s", from(m))
expect(ivr, "LineInService", { device = "SEP000000000001", node = "ccm1" }, within "2s", from(m))
anna:call "7001"
expect(ivr, "NewCall", { device = "CTIP_7001" }, within "3s", from(m))
ivr:answer "CTIP_7001"
expect(anna, "MediaStreamStarted", within "3s", from(m))
expect(ivr, "MediaStreamStarted", within "3s", from(m))

m = mark()
c:cut("phones", "ccm1:callmanager")
expect(ivr, "CallClosed", { device = "SEP000000000001" }, within "5s", from(m), clause "CMF-03")
expect(ivr, "DeviceOutOfService", { device = "SEP000000000001" }, within "5s", from(m), clause "CMF-03")
never(anna, "MediaStreamStopped", within "4s", from(m), clause "CAL-02")
never(ivr, "CallClosed", { device = "CTIP_7001" }, within "500ms", from(m), clause "CAL-05")
ivr:hold "CTIP_7001"
expect(ivr, "Response", { result = "OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE" }, within "2s", from(m), clause "CAL-04")
never(anna, "StationRegisterAck", within "500ms", from(m), clause "CMF-14")
ivr:drop "CTIP_7001"
expect(anna, "StationRegisterAck", { node = "ccm2" }, within "5s", from(m), clause "CAL-04")
expect(ivr, "DeviceInService", { device = "SEP000000000001", node = "ccm2" }, within "5s", from(m), clause "CMF-02")
c:heal("phones", "ccm1:callmanager")
expect(anna, "StationRegisterAck", { node = "ccm1" }, within "60s", from(m), clause "CMF-15")
