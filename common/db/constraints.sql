-- What a column cannot say by itself. Names that start with RH_ are keys of db_explain.c, which
-- turns them into a sentence; SQLite reports an index over plain columns by those columns.

CREATE UNIQUE INDEX RH_NODE_NAME ON processnode (name);
CREATE UNIQUE INDEX RH_NODE_ID ON processnode (nodeid);
CREATE UNIQUE INDEX RH_SERVICE_ON_NODE ON processnodeservice (fkprocessnode, tkservice);
CREATE UNIQUE INDEX RH_PARAMETER ON processconfig (tkservice, paramname, fkprocessnode);
CREATE UNIQUE INDEX RH_CALLMANAGER_NAME ON callmanager (name);
CREATE UNIQUE INDEX RH_CALLMANAGER_ON_NODE ON callmanager (fkprocessnode);
CREATE UNIQUE INDEX RH_GROUP_NAME ON callmanagergroup (name);
CREATE UNIQUE INDEX RH_GROUP_MEMBER ON callmanagergroupmember (fkcallmanagergroup, fkcallmanager);
CREATE UNIQUE INDEX RH_GROUP_PRIORITY ON callmanagergroupmember (fkcallmanagergroup, priority);
CREATE UNIQUE INDEX RH_PARTITION_NAME ON routepartition (name);
CREATE UNIQUE INDEX RH_CSS_NAME ON callingsearchspace (name);
CREATE UNIQUE INDEX RH_CSS_MEMBER ON callingsearchspacemember (fkcallingsearchspace, fkroutepartition);
CREATE UNIQUE INDEX RH_DIALRULES_NAME ON dialrules (name);
CREATE UNIQUE INDEX RH_DIALRULE_ORDER ON dialrulespattern (fkdialrules, sortorder);
CREATE UNIQUE INDEX RH_POOL_NAME ON devicepool (name);
CREATE UNIQUE INDEX RH_ENDUSER_ID ON enduser (userid);
CREATE UNIQUE INDEX RH_APPUSER_NAME ON applicationuser (name);
CREATE UNIQUE INDEX RH_CREDENTIAL ON credential
	(coalesce(fkenduser, fkapplicationuser), tkcredential);
CREATE INDEX credential_enduser ON credential (fkenduser);
CREATE INDEX credential_applicationuser ON credential (fkapplicationuser);
CREATE UNIQUE INDEX RH_DEVICE_TAKEN ON device (name);
CREATE INDEX device_pool ON device (fkdevicepool);
-- NULL (no partition) never equals NULL, hence coalesce.
CREATE UNIQUE INDEX RH_NUMBER_TWICE ON numplan (dnorpattern, coalesce(fkroutepartition, ''));
CREATE INDEX numplan_intercom ON numplan (fkdevice_intercomdefault)
	WHERE fkdevice_intercomdefault IS NOT NULL;
CREATE UNIQUE INDEX RH_FORWARD_TWICE ON callforwarddynamic (fknumplan);
CREATE UNIQUE INDEX RH_LINE_TAKEN ON devicenumplanmap (fkdevice, numplanindex);
CREATE UNIQUE INDEX RH_LINE_TWICE ON devicenumplanmap (fknumplan, fkdevice);
CREATE UNIQUE INDEX RH_PICKUP_NAME ON pickupgroup (name);
CREATE INDEX pickupgroup_number ON pickupgroup (fknumplan_pickup);
CREATE UNIQUE INDEX RH_PICKUP_LINE ON pickupgrouplinemap (fknumplan_line);
CREATE INDEX pickupgrouplinemap_group ON pickupgrouplinemap (fkpickupgroup);
CREATE UNIQUE INDEX RH_ENDUSER_DEVICE ON enduserdevicemap (fkenduser, fkdevice, tkuserassociation);
CREATE INDEX enduserdevicemap_device ON enduserdevicemap (fkdevice);
CREATE UNIQUE INDEX RH_APPUSER_DEVICE ON applicationuserdevicemap
	(fkapplicationuser, fkdevice, tkuserassociation);
CREATE INDEX applicationuserdevicemap_device ON applicationuserdevicemap (fkdevice);
CREATE INDEX endusernumplanmap_numplan ON endusernumplanmap (fknumplan);
CREATE UNIQUE INDEX RH_USERGROUP_NAME ON dirgroup (name);
CREATE UNIQUE INDEX RH_ROLE_NAME ON functionrole (name);
CREATE UNIQUE INDEX RH_ENDUSER_GROUP ON enduserdirgroupmap (fkenduser, fkdirgroup);
CREATE UNIQUE INDEX RH_APPUSER_GROUP ON applicationuserdirgroupmap (fkapplicationuser, fkdirgroup);

CREATE TRIGGER group_member_insert BEFORE INSERT ON callmanagergroupmember
WHEN (SELECT count(*) FROM callmanagergroupmember
	WHERE fkcallmanagergroup = NEW.fkcallmanagergroup) >= 3
BEGIN SELECT RAISE(ABORT, 'RH_GROUP_FULL'); END;
CREATE TRIGGER group_member_update BEFORE UPDATE OF fkcallmanagergroup ON callmanagergroupmember
WHEN NEW.fkcallmanagergroup <> OLD.fkcallmanagergroup AND
	(SELECT count(*) FROM callmanagergroupmember
		WHERE fkcallmanagergroup = NEW.fkcallmanagergroup) >= 3
BEGIN SELECT RAISE(ABORT, 'RH_GROUP_FULL'); END;

-- A login name is looked up in both user tables, so it may stand in one of them only.
CREATE TRIGGER enduser_name_insert BEFORE INSERT ON enduser
WHEN EXISTS (SELECT 1 FROM applicationuser WHERE name = NEW.userid)
BEGIN SELECT RAISE(ABORT, 'RH_USER_TWICE'); END;
CREATE TRIGGER enduser_name_update BEFORE UPDATE OF userid ON enduser
WHEN EXISTS (SELECT 1 FROM applicationuser WHERE name = NEW.userid)
BEGIN SELECT RAISE(ABORT, 'RH_USER_TWICE'); END;
CREATE TRIGGER applicationuser_name_insert BEFORE INSERT ON applicationuser
WHEN EXISTS (SELECT 1 FROM enduser WHERE userid = NEW.name)
BEGIN SELECT RAISE(ABORT, 'RH_USER_TWICE'); END;
CREATE TRIGGER applicationuser_name_update BEFORE UPDATE OF name ON applicationuser
WHEN EXISTS (SELECT 1 FROM enduser WHERE userid = NEW.name)
BEGIN SELECT RAISE(ABORT, 'RH_USER_TWICE'); END;

-- What the programs find by name or by well-known guid cannot go.
CREATE TRIGGER dirgroup_standard BEFORE DELETE ON dirgroup WHEN OLD.isstandard = 't'
BEGIN SELECT RAISE(ABORT, 'RH_STANDARD_GROUP'); END;
CREATE TRIGGER dirgroup_rename BEFORE UPDATE OF name, isstandard ON dirgroup
WHEN OLD.isstandard = 't' AND (NEW.name <> OLD.name OR NEW.isstandard <> 't')
BEGIN SELECT RAISE(ABORT, 'RH_STANDARD_GROUP'); END;
CREATE TRIGGER enterprise_node_delete BEFORE DELETE ON processnode
WHEN OLD.name = 'EnterpriseWideData'
BEGIN SELECT RAISE(ABORT, 'RH_ENTERPRISE_NODE'); END;

-- Patterns. What a plain number cannot have is looked at only where something else than digits is.
CREATE TRIGGER pattern_at_insert BEFORE INSERT ON numplan
WHEN NEW.dnorpattern GLOB '*[^0-9A-D*#+]*'
	AND NEW.dnorpattern GLOB '*@*'
BEGIN SELECT RAISE(ABORT, 'RH_PATTERN_AT'); END;
CREATE TRIGGER pattern_at_update BEFORE UPDATE OF dnorpattern ON numplan
WHEN NEW.dnorpattern GLOB '*[^0-9A-D*#+]*'
	AND NEW.dnorpattern GLOB '*@*'
BEGIN SELECT RAISE(ABORT, 'RH_PATTERN_AT'); END;
CREATE TRIGGER pattern_dot_insert BEFORE INSERT ON numplan
WHEN NEW.dnorpattern GLOB '*[^0-9A-D*#+]*'
	AND (NEW.dnorpattern GLOB '*.*.*' OR NEW.dnorpattern = '.')
BEGIN SELECT RAISE(ABORT, 'RH_PATTERN_DOT'); END;
CREATE TRIGGER pattern_dot_update BEFORE UPDATE OF dnorpattern ON numplan
WHEN NEW.dnorpattern GLOB '*[^0-9A-D*#+]*'
	AND (NEW.dnorpattern GLOB '*.*.*' OR NEW.dnorpattern = '.')
BEGIN SELECT RAISE(ABORT, 'RH_PATTERN_DOT'); END;
CREATE TRIGGER pattern_many_insert BEFORE INSERT ON numplan
WHEN NEW.dnorpattern GLOB '*[^0-9A-D*#+]*'
	AND (NEW.dnorpattern GLOB '*![^#]*' OR NEW.dnorpattern GLOB '*!#?*')
BEGIN SELECT RAISE(ABORT, 'RH_PATTERN_MANY'); END;
CREATE TRIGGER pattern_many_update BEFORE UPDATE OF dnorpattern ON numplan
WHEN NEW.dnorpattern GLOB '*[^0-9A-D*#+]*'
	AND (NEW.dnorpattern GLOB '*![^#]*' OR NEW.dnorpattern GLOB '*!#?*')
BEGIN SELECT RAISE(ABORT, 'RH_PATTERN_MANY'); END;
CREATE TRIGGER pattern_brackets_insert BEFORE INSERT ON numplan
WHEN NEW.dnorpattern GLOB '*[^0-9A-D*#+]*'
	AND (length(replace(NEW.dnorpattern, '[', '')) <> length(replace(NEW.dnorpattern, ']', ''))
		OR EXISTS (SELECT 1 FROM rehomeplace WHERE substr(NEW.dnorpattern, at, 1) = '['
			AND (instr(substr(NEW.dnorpattern, at + 1), ']') < 2 OR substr(NEW.dnorpattern, at + 1) GLOB '^]*'
				OR substr(substr(NEW.dnorpattern, at + 1), 1, instr(substr(NEW.dnorpattern, at + 1), ']') - 1)
					GLOB '*[^]0-9*#^-]*')))
BEGIN SELECT RAISE(ABORT, 'RH_PATTERN_BRACKETS'); END;
CREATE TRIGGER pattern_brackets_update BEFORE UPDATE OF dnorpattern ON numplan
WHEN NEW.dnorpattern GLOB '*[^0-9A-D*#+]*'
	AND (length(replace(NEW.dnorpattern, '[', '')) <> length(replace(NEW.dnorpattern, ']', ''))
		OR EXISTS (SELECT 1 FROM rehomeplace WHERE substr(NEW.dnorpattern, at, 1) = '['
			AND (instr(substr(NEW.dnorpattern, at + 1), ']') < 2 OR substr(NEW.dnorpattern, at + 1) GLOB '^]*'
				OR substr(substr(NEW.dnorpattern, at + 1), 1, instr(substr(NEW.dnorpattern, at + 1), ']') - 1)
					GLOB '*[^]0-9*#^-]*')))
BEGIN SELECT RAISE(ABORT, 'RH_PATTERN_BRACKETS'); END;
CREATE TRIGGER pattern_range_insert BEFORE INSERT ON numplan
WHEN NEW.dnorpattern GLOB '*[^0-9A-D*#+]*'
	AND EXISTS (SELECT 1 FROM rehomeplace
		WHERE (substr(NEW.dnorpattern, at, 1) = '-' AND NOT (at > 2
				AND substr(NEW.dnorpattern, at - 1, 1) GLOB '[0-9]'
				AND substr(NEW.dnorpattern, at + 1, 1) GLOB '[0-9]'
				AND substr(NEW.dnorpattern, at - 1, 1) < substr(NEW.dnorpattern, at + 1, 1)
				AND instr(substr(NEW.dnorpattern, at + 1), ']') > 0
				AND (instr(substr(NEW.dnorpattern, at + 1), '[') = 0 OR instr(substr(NEW.dnorpattern, at + 1), ']') < instr(substr(NEW.dnorpattern, at + 1), '['))))
			OR (substr(NEW.dnorpattern, at, 1) = '^' AND substr(NEW.dnorpattern, at - 1, 1) <> '[')
			OR (substr(NEW.dnorpattern, at, 1) = '\' AND substr(NEW.dnorpattern, at + 1, 1) <> '+'))
BEGIN SELECT RAISE(ABORT, 'RH_PATTERN_RANGE'); END;
CREATE TRIGGER pattern_range_update BEFORE UPDATE OF dnorpattern ON numplan
WHEN NEW.dnorpattern GLOB '*[^0-9A-D*#+]*'
	AND EXISTS (SELECT 1 FROM rehomeplace
		WHERE (substr(NEW.dnorpattern, at, 1) = '-' AND NOT (at > 2
				AND substr(NEW.dnorpattern, at - 1, 1) GLOB '[0-9]'
				AND substr(NEW.dnorpattern, at + 1, 1) GLOB '[0-9]'
				AND substr(NEW.dnorpattern, at - 1, 1) < substr(NEW.dnorpattern, at + 1, 1)
				AND instr(substr(NEW.dnorpattern, at + 1), ']') > 0
				AND (instr(substr(NEW.dnorpattern, at + 1), '[') = 0 OR instr(substr(NEW.dnorpattern, at + 1), ']') < instr(substr(NEW.dnorpattern, at + 1), '['))))
			OR (substr(NEW.dnorpattern, at, 1) = '^' AND substr(NEW.dnorpattern, at - 1, 1) <> '[')
			OR (substr(NEW.dnorpattern, at, 1) = '\' AND substr(NEW.dnorpattern, at + 1, 1) <> '+'))
BEGIN SELECT RAISE(ABORT, 'RH_PATTERN_RANGE'); END;

-- Lines belong on phones, ports, route points and profiles; only a directory number can be a line.
CREATE TRIGGER line_usage BEFORE INSERT ON devicenumplanmap
WHEN (SELECT tkpatternusage FROM numplan WHERE pkid = NEW.fknumplan) <> 2
BEGIN SELECT RAISE(ABORT, 'RH_LINE_IS_PATTERN'); END;
-- More than 200 calls is for route points.
CREATE TRIGGER line_calls_insert BEFORE INSERT ON devicenumplanmap
WHEN NEW.maxnumcalls > 200
	AND (SELECT tkclass FROM device WHERE pkid = NEW.fkdevice) <> 10
BEGIN SELECT RAISE(ABORT, 'RH_CALLS_ON_PHONE'); END;
CREATE TRIGGER line_calls_update BEFORE UPDATE OF maxnumcalls, fkdevice ON devicenumplanmap
WHEN NEW.maxnumcalls > 200
	AND (SELECT tkclass FROM device WHERE pkid = NEW.fkdevice) <> 10
BEGIN SELECT RAISE(ABORT, 'RH_CALLS_ON_PHONE'); END;
