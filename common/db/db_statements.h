/* db_statements: every SQL statement of the typed interface, once. X(id, sql).
 * Rules: a result has ORDER BY unless it is one row; no clock and no random numbers: pkids and
 * times are arguments. */
#ifndef COMMON_DB_DB_STATEMENTS_H
#define COMMON_DB_DB_STATEMENTS_H

#define DB_CSS_NAME(fk) " (SELECT name FROM callingsearchspace WHERE pkid = " fk ")"
/* One to a line, in the order of their use. */
/* clang-format off */
#define DB_LINE_CSS(which) DB_CSS_NAME("n.fkcallingsearchspace_" which)
#define DB_FORWARD_COLUMNS                                                                         \
	"c.cfadestination, n.cfbdestination, n.cfbintdestination, n.cfnadestination,"              \
	" n.cfnaintdestination, n.cfurdestination, n.cfurintdestination, n.devicefailuredn,"       \
	" n.cfnaduration," DB_CSS_NAME("c.fkcallingsearchspace_cfa")                               \
	"," DB_LINE_CSS("cfb")                                                                     \
	"," DB_LINE_CSS("cfbint")                                                                  \
	"," DB_LINE_CSS("cfna")                                                                    \
	"," DB_LINE_CSS("cfnaint")                                                                 \
	"," DB_LINE_CSS("cfur")                                                                    \
	"," DB_LINE_CSS("cfurint")                                                                 \
	"," DB_LINE_CSS("devicefailure")                                                           \
	"," DB_LINE_CSS("sharedlineappear")
/* clang-format on */
#define DB_DEVICE_COLUMNS                                                                          \
	"d.pkid, d.name, d.description, d.tkmodel, d.tkdeviceprotocol, s.tktransport, d.tkclass,"  \
	" p.name, css.name, u.userid, d.allowcticontrolflag, g.name, g.pkid"                       \
	" FROM device AS d LEFT JOIN devicepool AS p ON p.pkid = d.fkdevicepool"                   \
	" LEFT JOIN callmanagergroup AS g ON g.pkid = p.fkcallmanagergroup"                        \
	" LEFT JOIN callingsearchspace AS css ON css.pkid = d.fkcallingsearchspace"                \
	" LEFT JOIN enduser AS u ON u.pkid = d.fkenduser"                                          \
	" LEFT JOIN securityprofile AS s ON s.pkid = d.fksecurityprofile"

#define DB_STATEMENTS(X)                                                                           \
	/* transactions */                                                                         \
	X(BEGIN, "BEGIN IMMEDIATE")                                                                \
	X(COMMIT, "COMMIT")                                                                        \
	X(ROLLBACK, "ROLLBACK")                                                                    \
	X(SAVE, "SAVEPOINT writer")                                                                \
	X(RELEASE, "RELEASE writer")                                                               \
	X(UNDO, "ROLLBACK TO writer")                                                              \
	X(DATA_VERSION, "PRAGMA data_version")                                                     \
	/* lookups: name -> pkid */                                                                \
	X(NODE_PKID, "SELECT pkid FROM processnode WHERE name = ?1")                               \
	X(CALLMANAGER_PKID, "SELECT c.pkid FROM callmanager AS c JOIN processnode AS n"            \
			    " ON n.pkid = c.fkprocessnode WHERE n.name = ?1")                      \
	X(GROUP_PKID, "SELECT pkid FROM callmanagergroup WHERE name = ?1")                         \
	X(POOL_PKID, "SELECT pkid FROM devicepool WHERE name = ?1")                                \
	X(PARTITION_PKID, "SELECT pkid FROM routepartition WHERE name = ?1")                       \
	X(CSS_PKID, "SELECT pkid FROM callingsearchspace WHERE name = ?1")                         \
	X(DIALRULES_PKID, "SELECT pkid FROM dialrules WHERE name = ?1")                            \
	X(DEVICE_PKID, "SELECT pkid FROM device WHERE name = ?1")                                  \
	X(ENDUSER_PKID, "SELECT pkid FROM enduser WHERE userid = ?1")                              \
	X(APPUSER_PKID, "SELECT pkid FROM applicationuser WHERE name = ?1")                        \
	X(USERGROUP_PKID, "SELECT pkid FROM dirgroup WHERE name = ?1")                             \
	X(PROFILE_PKID, "SELECT pkid FROM securityprofile WHERE tkdeviceprotocol = ?1"             \
			" AND tktransport = ?2 ORDER BY pkid LIMIT 1")                             \
	X(MODEL_NAME, "SELECT name FROM typemodel WHERE enum = ?1")                                \
	X(NUMBER_PKID, "SELECT pkid, tkpatternusage FROM numplan WHERE dnorpattern = ?1"           \
		       " AND coalesce(fkroutepartition, '') = coalesce(?2, '')")                   \
	X(LINE_PKID, "SELECT m.pkid, m.fknumplan, n.dnorpattern, m.maxnumcalls, m.busytrigger"     \
		     " FROM devicenumplanmap AS m JOIN numplan AS n ON n.pkid = m.fknumplan"       \
		     " WHERE m.fkdevice = ?1 AND m.numplanindex = ?2")                             \
	X(DEVICE_CLASS, "SELECT tkclass, tkmodel, tkdeviceprotocol FROM device WHERE pkid = ?1")   \
	/* nodes and groups */                                                                     \
	X(NODE_ADD, "INSERT INTO processnode (pkid, name, description, nodeid)"                    \
		    " VALUES (?1, ?2, ?3, ?4)")                                                    \
	X(NODE_REMOVE, "DELETE FROM processnode WHERE pkid = ?1")                                  \
	X(CALLMANAGER_ADD, "INSERT INTO callmanager (pkid, name, description, fkprocessnode,"      \
			   " ctiid) VALUES (?1, 'CM_' || ?2, ?3, ?4, ?5)")                         \
	X(CALLMANAGER_REMOVE, "DELETE FROM callmanager WHERE fkprocessnode = ?1")                  \
	X(SERVICE_SET, "INSERT INTO processnodeservice (pkid, fkprocessnode, tkservice,"           \
		       " servername, isactive) VALUES (?1, ?2, ?3, ?4, ?5)"                        \
		       " ON CONFLICT (fkprocessnode, tkservice)"                                   \
		       " DO UPDATE SET isactive = excluded.isactive")                              \
	X(GROUP_ADD, "INSERT INTO callmanagergroup (pkid, name) VALUES (?1, ?2)")                  \
	X(GROUP_REMOVE, "DELETE FROM callmanagergroup WHERE pkid = ?1")                            \
	X(MEMBER_ADD, "INSERT INTO callmanagergroupmember (pkid, fkcallmanagergroup,"              \
		      " fkcallmanager, priority) VALUES (?1, ?2, ?3, ?4)")                         \
	X(MEMBERS_REMOVE, "DELETE FROM callmanagergroupmember WHERE fkcallmanagergroup = ?1")      \
	X(POOL_ADD, "INSERT INTO devicepool (pkid, name, fkregion, fkdatetimesetting,"             \
		    " fkcallmanagergroup, tkcountry)"                                              \
		    " VALUES (?1, ?2, '1b1b9eb1-7803-11d3-bdf0-00108302ead1',"                     \
		    " '9ec4850a-7748-11d3-bdf0-00108302ead1', ?3, 64)"                             \
		    " ON CONFLICT (name) DO UPDATE"                                                \
		    " SET fkcallmanagergroup = excluded.fkcallmanagergroup")                       \
	X(POOL_REMOVE, "DELETE FROM devicepool WHERE pkid = ?1")                                   \
	/* number plan */                                                                          \
	X(PARTITION_ADD, "INSERT INTO routepartition (pkid, name) VALUES (?1, ?2)")                \
	X(PARTITION_REMOVE, "DELETE FROM routepartition WHERE pkid = ?1")                          \
	X(CSS_ADD, "INSERT INTO callingsearchspace (pkid, name, clause) VALUES (?1, ?2, ?3)")      \
	X(CSS_REMOVE, "DELETE FROM callingsearchspace WHERE pkid = ?1")                            \
	X(CSS_MEMBER_ADD, "INSERT INTO callingsearchspacemember (pkid, fkcallingsearchspace,"      \
			  " fkroutepartition, sortorder) VALUES (?1, ?2, ?3, ?4)")                 \
	X(NUMBER_ADD, "INSERT INTO numplan (pkid, dnorpattern, fkroutepartition,"                  \
		      " tkpatternusage, fkcallmanager) VALUES (?1, ?2, ?3, ?4, ?5)")               \
	X(NUMBER_FORWARD_ADD, "INSERT INTO callforwarddynamic (pkid, fknumplan) VALUES (?1, ?2)")  \
	X(NUMBER_REMOVE, "DELETE FROM numplan WHERE pkid = ?1")                                    \
	X(NUMBER_SET, "UPDATE numplan SET"                                                         \
		      " cfbdestination = nullif(coalesce(?2, cfbdestination), ''),"                \
		      " cfbintdestination = nullif(coalesce(?3, cfbintdestination), ''),"          \
		      " cfnadestination = nullif(coalesce(?4, cfnadestination), ''),"              \
		      " cfnaintdestination = nullif(coalesce(?5, cfnaintdestination), ''),"        \
		      " cfurdestination = nullif(coalesce(?6, cfurdestination), ''),"              \
		      " cfurintdestination = nullif(coalesce(?7, cfurintdestination), ''),"        \
		      " devicefailuredn = nullif(coalesce(?8, devicefailuredn), ''),"              \
		      " alertingname = nullif(coalesce(?9, alertingname), ''),"                    \
		      " cfnaduration = CASE WHEN ?10 = 0 THEN cfnaduration"                        \
		      " WHEN ?10 > 0 THEN ?10 END,"                                                \
		      " tkautoanswer = CASE WHEN ?11 = 0 THEN tkautoanswer"                        \
		      " ELSE max(?11, 0) END,"                                                     \
		      " allowcticontrolflag = coalesce(?12, allowcticontrolflag) WHERE pkid = ?1") \
	X(NUMBER_SET_CFA, "INSERT INTO callforwarddynamic (pkid, fknumplan, cfadestination)"       \
			  " VALUES (?1, ?2, ?3) ON CONFLICT (fknumplan)"                           \
			  " DO UPDATE SET cfadestination = excluded.cfadestination")               \
	X(NUMBER_SET_CSS, "UPDATE numplan SET"                                                     \
			  " fkcallingsearchspace_sharedlineappear"                                 \
			  " = coalesce(?2, fkcallingsearchspace_sharedlineappear),"                \
			  " fkcallingsearchspace_cfb = coalesce(?3, fkcallingsearchspace_cfb),"    \
			  " fkcallingsearchspace_cfbint"                                           \
			  " = coalesce(?3, fkcallingsearchspace_cfbint),"                          \
			  " fkcallingsearchspace_cfna = coalesce(?4, fkcallingsearchspace_cfna),"  \
			  " fkcallingsearchspace_cfnaint"                                          \
			  " = coalesce(?4, fkcallingsearchspace_cfnaint),"                         \
			  " fkcallingsearchspace_cfur = coalesce(?5, fkcallingsearchspace_cfur),"  \
			  " fkcallingsearchspace_cfurint"                                          \
			  " = coalesce(?5, fkcallingsearchspace_cfurint),"                         \
			  " fkcallingsearchspace_devicefailure"                                    \
			  " = coalesce(?6, fkcallingsearchspace_devicefailure) WHERE pkid = ?1")   \
	X(NUMBER_SET_CFA_CSS, "UPDATE callforwarddynamic SET fkcallingsearchspace_cfa = ?2"        \
			      " WHERE fknumplan = ?1")                                             \
	X(FORWARD_ALL,                                                                             \
	  "SELECT n.pkid, c.cfadestination," DB_CSS_NAME(                                          \
		  "c.fkcallingsearchspace_cfa") " FROM numplan AS n LEFT JOIN callforwarddynamic " \
						"AS c"                                             \
						" ON c.fknumplan = n.pkid"                         \
						" LEFT JOIN routepartition AS r ON r.pkid = "      \
						"n.fkroutepartition"                               \
						" WHERE n.dnorpattern = ?1 AND coalesce(r.name, "  \
						"'') = coalesce(?2, '')")                          \
	X(DISCARD_PKID, "SELECT pkid FROM digitdiscardinstruction WHERE name = ?1")                \
	X(PATTERN_SET, "UPDATE numplan SET fkdigitdiscardinstruction = ?2, prefixdigitsout = ?3,"  \
		       " blockenable = ?4, calledpartytransformationmask = ?5,"                    \
		       " callingpartytransformationmask = ?6, patternurgency = ?7,"                \
		       " fkcallingsearchspace_translation = ?8, description = ?9"                  \
		       " WHERE pkid = ?1")                                                         \
	/* devices and lines */                                                                    \
	X(DIALRULES_ADD, "INSERT INTO dialrules (pkid, name) VALUES (?1, ?2)")                     \
	X(DIALRULE_ADD, "INSERT INTO dialrulespattern (pkid, fkdialrules, sortorder, pattern,"     \
			" timeout) VALUES (?1, ?2, ?3, ?4, nullif(?5, -1))")                       \
	X(DIALRULES_OF, "SELECT r.pattern, r.timeout FROM device AS d JOIN dialrulespattern AS r"  \
			" ON r.fkdialrules = d.fkdialrules WHERE d.pkid = ?1"                      \
			" ORDER BY r.sortorder")                                                   \
	X(DEVICE_ADD, "INSERT INTO device (pkid, name, description, tkmodel, tkdeviceprotocol,"    \
		      " tkclass, fkdevicepool, fkcallingsearchspace, fkenduser,"                   \
		      " fksecurityprofile, allowcticontrolflag, fkdialrules, fkcommonphoneconfig," \
		      " fklocation)"                                                               \
		      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"                \
		      " 'ac243d17-98b4-4118-8feb-5ff2e1b781ac',"                                   \
		      " '29c5c1c4-8871-4d1e-8394-0b9181e8c54d')")                                  \
	X(DEVICE_CHANGE, "UPDATE device SET description = ?2, fkdevicepool = ?3,"                  \
			 " fkcallingsearchspace = ?4, fkenduser = ?5, fksecurityprofile = ?6,"     \
			 " allowcticontrolflag = ?7, fkdialrules = ?8 WHERE pkid = ?1")            \
	X(DEVICE_REMOVE, "DELETE FROM device WHERE pkid = ?1")                                     \
	X(LINE_ADD, "INSERT INTO devicenumplanmap (pkid, fkdevice, numplanindex, fknumplan,"       \
		    " maxnumcalls, busytrigger, display, displayascii, label, labelascii)"         \
		    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, ?8)")                            \
	X(LINE_CHANGE, "UPDATE devicenumplanmap SET fknumplan = ?2, maxnumcalls = ?3,"             \
		       " busytrigger = ?4,"                                                        \
		       " display = nullif(coalesce(?5, display), ''),"                             \
		       " displayascii = nullif(coalesce(?5, displayascii), ''),"                   \
		       " label = nullif(coalesce(?6, label), ''),"                                 \
		       " labelascii = nullif(coalesce(?6, labelascii), '') WHERE pkid = ?1")       \
	X(LINE_REMOVE, "DELETE FROM devicenumplanmap WHERE pkid = ?1")                             \
	/* users */                                                                                \
	X(ENDUSER_ADD, "INSERT INTO enduser (pkid, userid, lastname) VALUES (?1, ?2, ?3)")         \
	X(APPUSER_ADD, "INSERT INTO applicationuser (pkid, name) VALUES (?1, ?2)")                 \
	X(ENDUSER_REMOVE, "DELETE FROM enduser WHERE pkid = ?1")                                   \
	X(APPUSER_REMOVE, "DELETE FROM applicationuser WHERE pkid = ?1")                           \
	X(CREDENTIAL_SET, "INSERT INTO credential (pkid, fkenduser, fkapplicationuser,"            \
			  " tkcredential, credentials) VALUES (?1, ?2, ?3, 3, ?4)"                 \
			  " ON CONFLICT (coalesce(fkenduser, fkapplicationuser), tkcredential)"    \
			  " DO UPDATE SET credentials = excluded.credentials")                     \
	X(ENDUSER_JOIN, "INSERT INTO enduserdirgroupmap (pkid, fkenduser, fkdirgroup)"             \
			" VALUES (?1, ?2, ?3) ON CONFLICT (fkenduser, fkdirgroup) DO NOTHING")     \
	X(APPUSER_JOIN, "INSERT INTO applicationuserdirgroupmap (pkid, fkapplicationuser,"         \
			" fkdirgroup) VALUES (?1, ?2, ?3)"                                         \
			" ON CONFLICT (fkapplicationuser, fkdirgroup) DO NOTHING")                 \
	X(ENDUSER_LEAVE,                                                                           \
	  "DELETE FROM enduserdirgroupmap WHERE fkenduser = ?1 AND fkdirgroup = ?2")               \
	X(APPUSER_LEAVE, "DELETE FROM applicationuserdirgroupmap WHERE fkapplicationuser = ?1"     \
			 " AND fkdirgroup = ?2")                                                   \
	X(ENDUSER_ASSOCIATE, "INSERT INTO enduserdevicemap (pkid, fkenduser, fkdevice)"            \
			     " VALUES (?1, ?2, ?3)"                                                \
			     " ON CONFLICT (fkenduser, fkdevice, tkuserassociation) DO NOTHING")   \
	X(APPUSER_ASSOCIATE, "INSERT INTO applicationuserdevicemap (pkid, fkapplicationuser,"      \
			     " fkdevice) VALUES (?1, ?2, ?3) ON CONFLICT"                          \
			     " (fkapplicationuser, fkdevice, tkuserassociation) DO NOTHING")       \
	X(ENDUSER_DISSOCIATE, "DELETE FROM enduserdevicemap WHERE fkenduser = ?1"                  \
			      " AND fkdevice = ?2 AND tkuserassociation = 1")                      \
	X(APPUSER_DISSOCIATE, "DELETE FROM applicationuserdevicemap WHERE fkapplicationuser = ?1"  \
			      " AND fkdevice = ?2 AND tkuserassociation = 1")                      \
	/* parameters */                                                                           \
	X(PARAMETER_SET, "INSERT INTO processconfig (pkid, fkprocessnode, tkservice, paramname,"   \
			 " paramvalue) VALUES (?1, ?2, ?3, ?4, ?5)"                                \
			 " ON CONFLICT (tkservice, paramname, fkprocessnode)"                      \
			 " DO UPDATE SET paramvalue = excluded.paramvalue")                        \
	X(PARAMETER_REMOVE, "DELETE FROM processconfig WHERE fkprocessnode = ?1"                   \
			    " AND tkservice = ?2 AND paramname = ?3")                              \
	X(PARAMETERS, "SELECT p.tkservice, p.paramname, p.paramvalue, coalesce(c.ctiid, 0)"        \
		      " FROM processconfig AS p"                                                   \
		      " LEFT JOIN callmanager AS c ON c.fkprocessnode = p.fkprocessnode"           \
		      " ORDER BY coalesce(c.ctiid, 0), p.tkservice, p.paramname")                  \
	/* readers */                                                                              \
	X(NODES, "SELECT n.name, c.ctiid, (SELECT total(1 << s.tkservice)"                         \
		 " FROM processnodeservice AS s WHERE s.fkprocessnode = n.pkid"                    \
		 " AND s.isactive = 't' AND s.tkservice < 31)"                                     \
		 " FROM callmanager AS c JOIN processnode AS n ON n.pkid = c.fkprocessnode"        \
		 " ORDER BY c.ctiid")                                                              \
	X(GROUPS, "SELECT pkid, name FROM callmanagergroup ORDER BY name")                         \
	X(MEMBERS, "SELECT c.ctiid FROM callmanagergroupmember AS m"                               \
		   " JOIN callmanager AS c ON c.pkid = m.fkcallmanager"                            \
		   " WHERE m.fkcallmanagergroup = ?1 ORDER BY m.priority")                         \
	X(DEVICE, "SELECT " DB_DEVICE_COLUMNS " WHERE d.name = ?1")                                \
	X(DEVICES, "SELECT " DB_DEVICE_COLUMNS " ORDER BY d.name")                                 \
	X(PICKUP_ADD,                                                                              \
	  "INSERT INTO pickupgroup (pkid, name, fknumplan_pickup) VALUES (?1, ?2, ?3)")            \
	X(PICKUP_PKID, "SELECT pkid FROM pickupgroup WHERE name = ?1")                             \
	X(PICKUP_LEAVE, "DELETE FROM pickupgrouplinemap WHERE fknumplan_line = ?1")                \
	X(PICKUP_JOIN, "INSERT INTO pickupgrouplinemap (pkid, fkpickupgroup, fknumplan_line)"      \
		       " VALUES (?1, ?2, ?3)")                                                     \
	X(LINES, "SELECT m.pkid, m.numplanindex, n.dnorpattern, r.name, m.display, m.label,"       \
		 " n.alertingname, m.maxnumcalls, m.busytrigger, n.tkautoanswer,"                  \
		 " n.allowcticontrolflag, " DB_FORWARD_COLUMNS ","                                 \
		 " (SELECT gn.dnorpattern FROM pickupgrouplinemap AS gl"                           \
		 " JOIN pickupgroup AS g ON g.pkid = gl.fkpickupgroup"                             \
		 " JOIN numplan AS gn ON gn.pkid = g.fknumplan_pickup"                             \
		 " WHERE gl.fknumplan_line = n.pkid)"                                              \
		 " FROM devicenumplanmap AS m JOIN numplan AS n ON n.pkid = m.fknumplan"           \
		 " LEFT JOIN routepartition AS r ON r.pkid = n.fkroutepartition"                   \
		 " LEFT JOIN callforwarddynamic AS c ON c.fknumplan = n.pkid"                      \
		 " WHERE m.fkdevice = ?1 ORDER BY m.numplanindex")                                 \
	X(NUMBERS,                                                                                 \
	  "SELECT n.dnorpattern, r.name, d.name, d.tkclass, m.numplanindex,"                       \
	  " n.tkpatternusage, cm.ctiid, d.tkmodel, d.tkdeviceprotocol," DB_CSS_NAME(               \
		  "d.fkcallingsearchspace") ", " DB_FORWARD_COLUMNS                                \
					    " FROM numplan AS n LEFT JOIN routepartition AS r ON " \
					    "r.pkid = n.fkroutepartition"                          \
					    " LEFT JOIN callforwarddynamic AS c ON c.fknumplan = " \
					    "n.pkid"                                               \
					    " LEFT JOIN callmanager AS cm ON cm.pkid = "           \
					    "n.fkcallmanager"                                      \
					    " LEFT JOIN devicenumplanmap AS m ON m.fknumplan = "   \
					    "n.pkid"                                               \
					    " LEFT JOIN device AS d ON d.pkid = m.fkdevice"        \
					    " ORDER BY n.dnorpattern, r.name, d.name")             \
	X(PATTERNS,                                                                                \
	  "SELECT n.dnorpattern, r.name, n.tkpatternusage,"                                        \
	  " (SELECT name FROM digitdiscardinstruction"                                             \
	  " WHERE pkid = n.fkdigitdiscardinstruction),"                                            \
	  " n.prefixdigitsout, n.blockenable, n.calledpartytransformationmask,"                    \
	  " n.callingpartytransformationmask, n.patternurgency," DB_CSS_NAME(                      \
		  "n.fkcallingsearchspace_translation") " FROM numplan AS n LEFT JOIN "            \
							"routepartition AS r"                      \
							" ON r.pkid = n.fkroutepartition WHERE "   \
							"n.tkpatternusage IN (3, 5)"               \
							" ORDER BY n.dnorpattern, r.name")         \
	X(SEARCH_SPACES,                                                                           \
	  "SELECT s.name, r.name FROM callingsearchspace AS s"                                     \
	  " LEFT JOIN callingsearchspacemember AS m ON m.fkcallingsearchspace = s.pkid"            \
	  " LEFT JOIN routepartition AS r ON r.pkid = m.fkroutepartition"                          \
	  " ORDER BY s.name, m.sortorder, r.name")                                                 \
	X(REACHABLE, "SELECT r.name FROM callingsearchspacemember AS m"                            \
		     " JOIN callingsearchspace AS s ON s.pkid = m.fkcallingsearchspace"            \
		     " JOIN routepartition AS r ON r.pkid = m.fkroutepartition"                    \
		     " WHERE s.name = ?1 ORDER BY m.sortorder, r.name")                            \
	X(USER_ENDUSER, "SELECT u.pkid, u.allowcticontrolflag, c.credentials FROM enduser AS u"    \
			" LEFT JOIN credential AS c ON c.fkenduser = u.pkid"                       \
			" AND c.tkcredential = 3 WHERE u.userid = ?1 AND u.status = 1")            \
	X(USER_APPUSER, "SELECT u.pkid, 't', c.credentials FROM applicationuser AS u"              \
			" LEFT JOIN credential AS c ON c.fkapplicationuser = u.pkid"               \
			" AND c.tkcredential = 3 WHERE u.name = ?1")                               \
	X(GROUPS_ENDUSER, "SELECT g.name FROM enduserdirgroupmap AS m"                             \
			  " JOIN dirgroup AS g ON g.pkid = m.fkdirgroup"                           \
			  " WHERE m.fkenduser = ?1 ORDER BY g.name")                               \
	X(GROUPS_APPUSER, "SELECT g.name FROM applicationuserdirgroupmap AS m"                     \
			  " JOIN dirgroup AS g ON g.pkid = m.fkdirgroup"                           \
			  " WHERE m.fkapplicationuser = ?1 ORDER BY g.name")                       \
	X(CONTROLLED_ENDUSER, "SELECT d.name FROM enduserdevicemap AS m"                           \
			      " JOIN device AS d ON d.pkid = m.fkdevice WHERE m.fkenduser = ?1"    \
			      " AND m.tkuserassociation = 1 ORDER BY d.name")                      \
	X(CONTROLLED_APPUSER, "SELECT d.name FROM applicationuserdevicemap AS m"                   \
			      " JOIN device AS d ON d.pkid = m.fkdevice"                           \
			      " WHERE m.fkapplicationuser = ?1 AND m.tkuserassociation = 1"        \
			      " ORDER BY d.name")                                                  \
	X(CONTROLS, "SELECT count(*) FROM device AS d WHERE d.name = ?2 AND (EXISTS"               \
		    " (SELECT 1 FROM enduserdevicemap AS m WHERE m.fkdevice = d.pkid"              \
		    " AND m.fkenduser = ?1 AND m.tkuserassociation = 1) OR EXISTS"                 \
		    " (SELECT 1 FROM applicationuserdevicemap AS m WHERE m.fkdevice = d.pkid"      \
		    " AND m.fkapplicationuser = ?1 AND m.tkuserassociation = 1))")                 \
	/* change notification */                                                                  \
	X(LAST_CHANGE, "SELECT coalesce(max(id), 0) FROM rehomechange")                            \
	X(CHANGES, "SELECT id, tablename, rowpkid, operation, name FROM rehomechange"              \
		   " WHERE id > ?1 ORDER BY id")                                                   \
	X(FORGET, "DELETE FROM rehomechange")                                                      \
	/* names of all objects of a kind */                                                       \
	X(ALL_NODES, "SELECT name FROM processnode WHERE nodeid > 1 ORDER BY nodeid")              \
	X(ALL_GROUPS, "SELECT name FROM callmanagergroup ORDER BY name")                           \
	X(ALL_POOLS, "SELECT name FROM devicepool ORDER BY name")                                  \
	X(ALL_PARTITIONS, "SELECT name FROM routepartition ORDER BY name")                         \
	X(ALL_CSS, "SELECT name FROM callingsearchspace ORDER BY name")                            \
	X(ALL_DEVICES, "SELECT name FROM device ORDER BY name")                                    \
	X(ALL_NUMBERS, "SELECT n.dnorpattern || coalesce('/' || r.name, '') FROM numplan AS n"     \
		       " LEFT JOIN routepartition AS r ON r.pkid = n.fkroutepartition"             \
		       " ORDER BY n.dnorpattern, r.name")                                          \
	X(ALL_USERS, "SELECT userid FROM enduser UNION ALL SELECT name FROM applicationuser"       \
		     " ORDER BY 1")                                                                \
	X(ALL_USERGROUPS, "SELECT name FROM dirgroup ORDER BY name")                               \
	X(ALL_DIALRULES, "SELECT name FROM dialrules ORDER BY name")                               \
	X(ALL_PICKUPS, "SELECT name FROM pickupgroup ORDER BY name")                               \
	/* dependency records: kind, name */                                                       \
	X(USES_NODE, "SELECT 'CallManager group', g.name FROM callmanagergroupmember AS m"         \
		     " JOIN callmanagergroup AS g ON g.pkid = m.fkcallmanagergroup"                \
		     " JOIN callmanager AS c ON c.pkid = m.fkcallmanager"                          \
		     " WHERE c.fkprocessnode = ?1 UNION ALL"                                       \
		     " SELECT 'park number', n.dnorpattern FROM numplan AS n"                      \
		     " JOIN callmanager AS c ON c.pkid = n.fkcallmanager"                          \
		     " WHERE c.fkprocessnode = ?1 ORDER BY 1, 2")                                  \
	X(USES_GROUP, "SELECT 'device pool', name FROM devicepool WHERE fkcallmanagergroup = ?1"   \
		      " ORDER BY 1, 2")                                                            \
	X(USES_POOL, "SELECT 'device', name FROM device WHERE fkdevicepool = ?1 ORDER BY 1, 2")    \
	X(USES_PARTITION, "SELECT 'number', dnorpattern FROM numplan WHERE fkroutepartition = ?1"  \
			  " UNION ALL SELECT 'calling search space', s.name"                       \
			  " FROM callingsearchspacemember AS m JOIN callingsearchspace AS s"       \
			  " ON s.pkid = m.fkcallingsearchspace WHERE m.fkroutepartition = ?1"      \
			  " ORDER BY 1, 2")                                                        \
	X(USES_CSS, "SELECT 'device', name FROM device WHERE fkcallingsearchspace = ?1"            \
		    " OR fkcallingsearchspace_aar = ?1 OR fkcallingsearchspace_reroute = ?1"       \
		    " OR fkcallingsearchspace_restrict = ?1"                                       \
		    " UNION ALL SELECT 'number', dnorpattern FROM numplan"                         \
		    " WHERE ?1 IN (fkcallingsearchspace_sharedlineappear,"                         \
		    " fkcallingsearchspace_translation, fkcallingsearchspace_cfb,"                 \
		    " fkcallingsearchspace_cfbint, fkcallingsearchspace_cfna,"                     \
		    " fkcallingsearchspace_cfnaint, fkcallingsearchspace_cfur,"                    \
		    " fkcallingsearchspace_cfurint, fkcallingsearchspace_devicefailure)"           \
		    " UNION ALL SELECT 'number', n.dnorpattern FROM callforwarddynamic AS c"       \
		    " JOIN numplan AS n ON n.pkid = c.fknumplan"                                   \
		    " WHERE c.fkcallingsearchspace_cfa = ?1 ORDER BY 1, 2")                        \
	X(USES_DEVICE, "SELECT 'directory number', n.dnorpattern || coalesce('/' || r.name, '')"   \
		       " FROM devicenumplanmap AS m JOIN numplan AS n ON n.pkid = m.fknumplan"     \
		       " LEFT JOIN routepartition AS r ON r.pkid = n.fkroutepartition"             \
		       " WHERE m.fkdevice = ?1"                                                    \
		       " UNION ALL SELECT 'end user', u.userid FROM enduserdevicemap AS m"         \
		       " JOIN enduser AS u ON u.pkid = m.fkenduser WHERE m.fkdevice = ?1"          \
		       " UNION ALL SELECT 'application user', u.name"                              \
		       " FROM applicationuserdevicemap AS m JOIN applicationuser AS u"             \
		       " ON u.pkid = m.fkapplicationuser WHERE m.fkdevice = ?1 ORDER BY 1, 2")     \
	X(USES_NUMBER,                                                                             \
	  "SELECT 'device', d.name FROM devicenumplanmap AS m"                                     \
	  " JOIN device AS d ON d.pkid = m.fkdevice WHERE m.fknumplan = ?1"                        \
	  " UNION ALL SELECT 'pickup group', g.name FROM pickupgrouplinemap AS m"                  \
	  " JOIN pickupgroup AS g ON g.pkid = m.fkpickupgroup WHERE m.fknumplan_line = ?1"         \
	  " UNION ALL SELECT 'pickup group', name FROM pickupgroup WHERE fknumplan_pickup = ?1"    \
	  " UNION ALL SELECT 'end user', u.userid FROM endusernumplanmap AS m"                     \
	  " JOIN enduser AS u ON u.pkid = m.fkenduser WHERE m.fknumplan = ?1"                      \
	  " UNION ALL SELECT 'forward of number', o.dnorpattern || coalesce('/' || r.name, '')"    \
	  " FROM numplan AS n JOIN numplan AS o LEFT JOIN callforwarddynamic AS c"                 \
	  " ON c.fknumplan = o.pkid LEFT JOIN routepartition AS r ON r.pkid = o.fkroutepartition"  \
	  " WHERE n.pkid = ?1 AND n.dnorpattern IN (o.cfbdestination, o.cfbintdestination,"        \
	  " o.cfnadestination, o.cfnaintdestination, o.cfurdestination, o.cfurintdestination,"     \
	  " o.devicefailuredn, c.cfadestination) ORDER BY 1, 2")                                   \
	X(USES_DIALRULES,                                                                          \
	  "SELECT 'device', name FROM device WHERE fkdialrules = ?1 ORDER BY 1, 2")                \
	X(USES_PICKUP,                                                                             \
	  "SELECT 'directory number', n.dnorpattern || coalesce('/' || r.name, '')"                \
	  " FROM pickupgrouplinemap AS m JOIN numplan AS n ON n.pkid = m.fknumplan_line"           \
	  " LEFT JOIN routepartition AS r ON r.pkid = n.fkroutepartition"                          \
	  " WHERE m.fkpickupgroup = ?1 ORDER BY 1, 2")                                             \
	X(USES_USER, "SELECT 'device', name FROM device WHERE fkenduser = ?1"                      \
		     " OR fkenduser_mobility = ?1 ORDER BY 1, 2")                                  \
	X(USES_USERGROUP,                                                                          \
	  "SELECT 'end user', u.userid FROM enduserdirgroupmap AS m"                               \
	  " JOIN enduser AS u ON u.pkid = m.fkenduser WHERE m.fkdirgroup = ?1"                     \
	  " UNION ALL SELECT 'application user', u.name"                                           \
	  " FROM applicationuserdirgroupmap AS m JOIN applicationuser AS u"                        \
	  " ON u.pkid = m.fkapplicationuser WHERE m.fkdirgroup = ?1 ORDER BY 1, 2")

enum db_stmt {
#define X(id, sql) DB_S_##id,
	DB_STATEMENTS(X)
#undef X
		DB_S_COUNT
};

#endif
