-- Who may open a provider: a wrong password and an unknown user get the same answer.
local c = cluster "three-nodes"

local wrong = c:app("wrong", { user = "ivr", password = "guess", ctimanagers = { "ccm1" } })
expect(wrong, "Response", { result = "DIRECTORY_LOGIN_FAILED" }, within "5s", clause "USR-05")

local nobody = c:app("nobody", { user = "nobody", password = "guess", ctimanagers = { "ccm1" } })
expect(nobody, "Response", { result = "DIRECTORY_LOGIN_FAILED" }, within "5s", clause "USR-05")

-- A device outside the user's list is not his.
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1", "ccm2" } })
local m = mark()
ivr:open "SEP000000000002"
never(ivr, "DeviceInService", { device = "SEP000000000002" }, within "1s", from(m), clause "USR-01")

-- Two CTIManagers at the same time, each with devices of all CallManagers.
local second = c:app("second", { user = "ivr", ctimanagers = { "ccm3" } })
second:open "CTIP_6002"
expect(second, "DeviceInService", { device = "CTIP_6002", node = "ccm1" }, within "2s", clause "MGR-05")
