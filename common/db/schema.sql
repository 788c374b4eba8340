-- The cluster's tables, after CUCM's data dictionary: its names, its column order, the subset of
-- columns that we or published queries use. The build expands two words (see expand.sed):
-- PKID (the guid key with its default) and FLAG (a column that is 't' or 'f').
-- fk... points to a pkid, tk... to the enum of a type table, ik... is a soft link.
-- constraints.sql has the rules that need an index or a trigger, rows.sql what is always there.

CREATE TABLE typeautoanswer (enum INTEGER PRIMARY KEY, name TEXT NOT NULL, moniker TEXT NOT NULL);
CREATE TABLE typeclass (enum INTEGER PRIMARY KEY, name TEXT NOT NULL, moniker TEXT NOT NULL);
CREATE TABLE typecountry (enum INTEGER PRIMARY KEY, name TEXT NOT NULL, moniker TEXT NOT NULL);
CREATE TABLE typecredential (enum INTEGER PRIMARY KEY, name TEXT NOT NULL, moniker TEXT NOT NULL);
CREATE TABLE typedeviceprotocol (enum INTEGER PRIMARY KEY, name TEXT NOT NULL, moniker TEXT NOT NULL);
CREATE TABLE typedialpattern (enum INTEGER PRIMARY KEY, name TEXT NOT NULL, moniker TEXT NOT NULL);
CREATE TABLE typednusage (enum INTEGER PRIMARY KEY, name TEXT NOT NULL, moniker TEXT NOT NULL);
CREATE TABLE typemodel (enum INTEGER PRIMARY KEY, name TEXT NOT NULL, moniker TEXT NOT NULL);
CREATE TABLE typeparam (enum INTEGER PRIMARY KEY, name TEXT NOT NULL, moniker TEXT NOT NULL);
CREATE TABLE typepartitionusage (enum INTEGER PRIMARY KEY, name TEXT NOT NULL, moniker TEXT NOT NULL);
CREATE TABLE typepatternusage (enum INTEGER PRIMARY KEY, name TEXT NOT NULL, moniker TEXT NOT NULL);
CREATE TABLE typeprotocolside (enum INTEGER PRIMARY KEY, name TEXT NOT NULL, moniker TEXT NOT NULL);
CREATE TABLE typereset (enum INTEGER PRIMARY KEY, name TEXT NOT NULL, moniker TEXT NOT NULL);
CREATE TABLE typeringsetting (enum INTEGER PRIMARY KEY, name TEXT NOT NULL, moniker TEXT NOT NULL,
	islinecompatible FLAG);
CREATE TABLE typeservice (enum INTEGER PRIMARY KEY, name TEXT NOT NULL, moniker TEXT NOT NULL);
CREATE TABLE typestatus (enum INTEGER PRIMARY KEY, name TEXT NOT NULL, moniker TEXT NOT NULL);
CREATE TABLE typetransport (enum INTEGER PRIMARY KEY, name TEXT NOT NULL, moniker TEXT NOT NULL);
CREATE TABLE typeuserassociation (enum INTEGER PRIMARY KEY, name TEXT NOT NULL, moniker TEXT NOT NULL);
CREATE TABLE typeuserlocale (enum INTEGER PRIMARY KEY, name TEXT NOT NULL, moniker TEXT NOT NULL);
CREATE TABLE typeuserprofile (enum INTEGER PRIMARY KEY, name TEXT NOT NULL, moniker TEXT NOT NULL);

CREATE TABLE componentversion (
	PKID,
	version TEXT,
	softwarecomponent TEXT NOT NULL
);

-- Servers, and what runs on them. nodeid counts from 1 = EnterpriseWideData, so server n of the
-- cluster has nodeid n + 1; the node number n itself is callmanager.ctiid.
CREATE TABLE processnode (
	PKID,
	name TEXT NOT NULL,
	mac TEXT,
	systemnode FLAG NOT NULL DEFAULT 'f',
	description TEXT,
	isactive FLAG NOT NULL DEFAULT 't',
	nodeid INTEGER NOT NULL,
	nodeusage INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE processnodeservice (
	PKID,
	fkprocessnode TEXT NOT NULL REFERENCES processnode(pkid) ON DELETE CASCADE,
	tkservice INTEGER NOT NULL REFERENCES typeservice(enum),
	servername TEXT,
	enable FLAG NOT NULL DEFAULT 't',
	isactive FLAG NOT NULL DEFAULT 't'
);
CREATE TABLE processconfig (
	PKID,
	fkprocessnode TEXT NOT NULL DEFAULT '00000000-1111-0000-0000-000000000000'
		REFERENCES processnode(pkid) ON DELETE CASCADE,
	tkservice INTEGER NOT NULL REFERENCES typeservice(enum),
	paramname TEXT NOT NULL,
	paramvalue TEXT,
	tkparam INTEGER REFERENCES typeparam(enum)
);

CREATE TABLE callmanager (
	PKIDONLY,
	name TEXT NOT NULL,
	description TEXT,
	fkprocessnode TEXT NOT NULL REFERENCES processnode(pkid),
	ctiid INTEGER PRIMARY KEY CONSTRAINT RH_NODE_NUMBER CHECK (ctiid BETWEEN 1 AND 20),
	versionstamp TEXT,
	resettoggle FLAG NOT NULL DEFAULT 'f',
	tkreset INTEGER NOT NULL DEFAULT 1 REFERENCES typereset(enum)
);
CREATE TABLE callmanagergroup (
	PKID,
	name TEXT NOT NULL,
	tftpdefault FLAG NOT NULL DEFAULT 'f',
	versionstamp TEXT,
	resettoggle FLAG NOT NULL DEFAULT 'f',
	tkreset INTEGER NOT NULL DEFAULT 1 REFERENCES typereset(enum)
);
CREATE TABLE callmanagergroupmember (
	PKID,
	fkcallmanagergroup TEXT NOT NULL REFERENCES callmanagergroup(pkid) ON DELETE CASCADE,
	fkcallmanager TEXT NOT NULL REFERENCES callmanager(pkid),
	priority INTEGER NOT NULL CONSTRAINT RH_PRIORITY_NEGATIVE CHECK (priority >= 0)
);

CREATE TABLE aarneighborhood (PKID, name TEXT NOT NULL, description TEXT);
CREATE TABLE region (PKID, name TEXT NOT NULL, defaultcodec TEXT);
CREATE TABLE location (PKID, name TEXT NOT NULL, kbits INTEGER, videokbits INTEGER);
CREATE TABLE datetimesetting (PKID, name TEXT NOT NULL, timezone TEXT, dateformat TEXT);
CREATE TABLE commondeviceconfig (PKID, name TEXT NOT NULL);
CREATE TABLE commonphoneconfig (PKID, name TEXT NOT NULL, description TEXT);
CREATE TABLE softkeytemplate (PKID, name TEXT NOT NULL, description TEXT,
	usermodifiable FLAG NOT NULL DEFAULT 'f');
CREATE TABLE voicemessagingprofile (PKID, name TEXT NOT NULL, description TEXT,
	isdefault FLAG NOT NULL DEFAULT 'f');
CREATE TABLE securityprofile (PKID, name TEXT NOT NULL, description TEXT,
	tkmodel INTEGER REFERENCES typemodel(enum),
	tkdeviceprotocol INTEGER REFERENCES typedeviceprotocol(enum),
	tktransport INTEGER REFERENCES typetransport(enum));
-- SIP dial rules: device.fkdialrules is the field's; of the tables behind it only the first one's name.
-- timeout NULL: that of the T302 timer.
CREATE TABLE dialrules (
	PKID,
	name TEXT NOT NULL,
	description TEXT,
	tkdialpattern INTEGER NOT NULL DEFAULT 2 REFERENCES typedialpattern(enum)
);
CREATE TABLE dialrulespattern (
	PKID,
	fkdialrules TEXT NOT NULL REFERENCES dialrules(pkid) ON DELETE CASCADE,
	sortorder INTEGER NOT NULL,
	description TEXT,
	pattern TEXT NOT NULL CONSTRAINT RH_DIAL_PATTERN
		CHECK (length(pattern) BETWEEN 1 AND 50 AND pattern NOT GLOB '*[^0-9#.*,]*'
			AND pattern NOT GLOB ',*' AND pattern NOT GLOB '*,' AND pattern NOT GLOB '*,,*'),
	timeout INTEGER CONSTRAINT RH_DIAL_TIMEOUT CHECK (timeout BETWEEN 0 AND 120)
);
CREATE TABLE phonetemplate (
	PKID,
	name TEXT NOT NULL,
	numofbuttons INTEGER NOT NULL DEFAULT 1,
	usermodifiable FLAG NOT NULL DEFAULT 't',
	tkmodel INTEGER REFERENCES typemodel(enum),
	tkdeviceprotocol INTEGER REFERENCES typedeviceprotocol(enum),
	privatetemplate FLAG NOT NULL DEFAULT 'f',
	versionstamp TEXT,
	resettoggle FLAG NOT NULL DEFAULT 'f',
	tkreset INTEGER NOT NULL DEFAULT 1 REFERENCES typereset(enum)
);

CREATE TABLE routepartition (
	PKID,
	name TEXT NOT NULL,
	description TEXT,
	dialplanwizardgenid INTEGER,
	fktimeschedule TEXT,
	tktimezone INTEGER,
	useoriginatingdevicetimezone FLAG NOT NULL DEFAULT 't',
	resettoggle FLAG NOT NULL DEFAULT 'f',
	tkreset INTEGER NOT NULL DEFAULT 1 REFERENCES typereset(enum),
	tkpartitionusage INTEGER NOT NULL DEFAULT 99 REFERENCES typepartitionusage(enum)
);
CREATE TABLE callingsearchspace (
	PKID,
	name TEXT NOT NULL,
	description TEXT,
	dialplanwizardgenid INTEGER,
	clause TEXT,
	resettoggle FLAG NOT NULL DEFAULT 'f',
	tkreset INTEGER NOT NULL DEFAULT 1 REFERENCES typereset(enum),
	tkpartitionusage INTEGER NOT NULL DEFAULT 99 REFERENCES typepartitionusage(enum)
);
CREATE TABLE callingsearchspacemember (
	PKID,
	fkcallingsearchspace TEXT NOT NULL REFERENCES callingsearchspace(pkid) ON DELETE CASCADE,
	fkroutepartition TEXT NOT NULL REFERENCES routepartition(pkid),
	sortorder INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE devicepool (
	PKID,
	name TEXT NOT NULL,
	fkregion TEXT REFERENCES region(pkid),
	fkdatetimesetting TEXT REFERENCES datetimesetting(pkid),
	fkcallmanagergroup TEXT REFERENCES callmanagergroup(pkid)
		CONSTRAINT RH_POOL_WITHOUT_GROUP CHECK (fkcallmanagergroup IS NOT NULL),
	fkcallingsearchspace_autoregistration TEXT REFERENCES callingsearchspace(pkid),
	fkmediaresourcelist TEXT,
	tkcountry INTEGER REFERENCES typecountry(enum),
	fksrst TEXT,
	connectionmonitorduration INTEGER,
	resettoggle FLAG NOT NULL DEFAULT 'f',
	tkreset INTEGER NOT NULL DEFAULT 1 REFERENCES typereset(enum),
	versionstamp TEXT,
	fkaarneighborhood TEXT REFERENCES aarneighborhood(pkid),
	fkcallingsearchspace_aar TEXT REFERENCES callingsearchspace(pkid),
	fkcallingsearchspace_mobility TEXT REFERENCES callingsearchspace(pkid),
	fkdevicemobilitygroup TEXT,
	fklocation TEXT REFERENCES location(pkid),
	fkphysicallocation TEXT,
	tkrevertpriority INTEGER NOT NULL DEFAULT 0,
	tkstatus_joinacrosslines INTEGER NOT NULL DEFAULT 0 REFERENCES typestatus(enum)
);

CREATE TABLE enduser (
	PKID,
	assocpc TEXT,
	firstname TEXT,
	middlename TEXT,
	lastname TEXT,
	userid TEXT NOT NULL,
	manager TEXT,
	department TEXT,
	telephonenumber TEXT,
	tkuserlocale INTEGER REFERENCES typeuserlocale(enum),
	mailid TEXT,
	status INTEGER NOT NULL DEFAULT 1,
	facsimiletelephonenumber TEXT,
	mobile TEXT,
	pager TEXT,
	homephone TEXT,
	title TEXT,
	building TEXT,
	site TEXT,
	fkdirectorypluginconfig TEXT,
	uniqueidentifier TEXT,
	nickname TEXT,
	deletedtimestamp INTEGER,
	tkuserprofile INTEGER NOT NULL DEFAULT 1 REFERENCES typeuserprofile(enum),
	fkcallingsearchspace_restrict TEXT REFERENCES callingsearchspace(pkid),
	allowcticontrolflag FLAG NOT NULL DEFAULT 't',
	enablemobilevoice FLAG NOT NULL DEFAULT 'f',
	maxdeskpickupwaittime INTEGER NOT NULL DEFAULT 10000,
	enablemobility FLAG NOT NULL DEFAULT 'f',
	remotedestinationlimit INTEGER NOT NULL DEFAULT 4,
	islocaluser FLAG NOT NULL DEFAULT 't',
	primarynodeid TEXT,
	displayname TEXT,
	userrank INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE applicationuser (
	PKID,
	name TEXT NOT NULL,
	isstandard FLAG NOT NULL DEFAULT 'f',
	acloobsubscription FLAG NOT NULL DEFAULT 'f',
	acloodrefer FLAG NOT NULL DEFAULT 'f',
	aclpresencesubscription FLAG NOT NULL DEFAULT 'f',
	aclunsolicitednotification FLAG NOT NULL DEFAULT 'f',
	aclallowreplace FLAG NOT NULL DEFAULT 'f',
	userrank INTEGER NOT NULL DEFAULT 1
);
-- Password hashes only, and only here: user tables are read by everybody who reports.
CREATE TABLE credential (
	PKID,
	fkenduser TEXT REFERENCES enduser(pkid) ON DELETE CASCADE,
	fkapplicationuser TEXT REFERENCES applicationuser(pkid) ON DELETE CASCADE,
	tkcredential INTEGER NOT NULL DEFAULT 3 REFERENCES typecredential(enum),
	credentials TEXT NOT NULL
		CONSTRAINT RH_PASSWORD_IN_CLEAR CHECK (credentials GLOB '$argon2*$*'),
	CONSTRAINT RH_CREDENTIAL_OF_ONE CHECK ((fkenduser IS NULL) <> (fkapplicationuser IS NULL))
);

CREATE TABLE device (
	PKIDONLY,
	name TEXT NOT NULL CONSTRAINT RH_DEVICE_NAME
		CHECK (length(name) BETWEEN 1 AND 128 AND name NOT GLOB '*[^A-Za-z0-9._-]*'),
	description TEXT,
	tkmodel INTEGER NOT NULL REFERENCES typemodel(enum),
	tkdeviceprotocol INTEGER NOT NULL DEFAULT 0 REFERENCES typedeviceprotocol(enum),
	tkprotocolside INTEGER NOT NULL DEFAULT 1 REFERENCES typeprotocolside(enum),
	specialloadinformation TEXT,
	fkdevicepool TEXT REFERENCES devicepool(pkid),
	fkphonetemplate TEXT REFERENCES phonetemplate(pkid),
	fkcallingsearchspace TEXT REFERENCES callingsearchspace(pkid),
	ctiid INTEGER PRIMARY KEY,
	tkclass INTEGER NOT NULL REFERENCES typeclass(enum),
	fkprocessnode TEXT REFERENCES processnode(pkid),
	fklocation TEXT REFERENCES location(pkid),
	tkproduct INTEGER,
	deviceleveltraceflag FLAG NOT NULL DEFAULT 'f',
	fkenduser TEXT REFERENCES enduser(pkid),
	allowhotelingflag FLAG NOT NULL DEFAULT 'f',
	tkdeviceprofile INTEGER NOT NULL DEFAULT 0,
	ikdevice_defaultprofile TEXT,
	userholdmohaudiosourceid INTEGER,
	networkholdmohaudiosourceid INTEGER,
	tkcountry INTEGER REFERENCES typecountry(enum),
	tkuserlocale INTEGER REFERENCES typeuserlocale(enum),
	fkcallingsearchspace_aar TEXT REFERENCES callingsearchspace(pkid),
	fkaarneighborhood TEXT REFERENCES aarneighborhood(pkid),
	fksoftkeytemplate TEXT REFERENCES softkeytemplate(pkid),
	tkstatus_builtinbridge INTEGER NOT NULL DEFAULT 2 REFERENCES typestatus(enum),
	mtprequired FLAG NOT NULL DEFAULT 'f',
	fksecurityprofile TEXT REFERENCES securityprofile(pkid),
	fkdialrules TEXT REFERENCES dialrules(pkid),
	fkcallingsearchspace_reroute TEXT REFERENCES callingsearchspace(pkid),
	unattended_port FLAG NOT NULL DEFAULT 'f',
	allowcticontrolflag FLAG NOT NULL DEFAULT 't',
	datetimeinserted INTEGER,
	fkcallingsearchspace_restrict TEXT REFERENCES callingsearchspace(pkid),
	fkcommonphoneconfig TEXT REFERENCES commonphoneconfig(pkid),
	isstandard FLAG NOT NULL DEFAULT 'f',
	resettoggle FLAG NOT NULL DEFAULT 'f',
	tkreset INTEGER NOT NULL DEFAULT 1 REFERENCES typereset(enum),
	versionstamp TEXT,
	fkcommondeviceconfig TEXT REFERENCES commondeviceconfig(pkid),
	tkstatus_devicemobilitymode INTEGER NOT NULL DEFAULT 2 REFERENCES typestatus(enum),
	dndtimeout INTEGER,
	tkringsetting_dnd INTEGER REFERENCES typeringsetting(enum),
	isdualmode FLAG NOT NULL DEFAULT 'f',
	fkenduser_mobility TEXT REFERENCES enduser(pkid),
	tkstatus_joinacrosslines INTEGER NOT NULL DEFAULT 2 REFERENCES typestatus(enum),
	ikdevice_primaryphone TEXT,
	isactive FLAG NOT NULL DEFAULT 't',
	isprotected FLAG NOT NULL DEFAULT 'f',
	CONSTRAINT RH_DEVICE_WITHOUT_POOL CHECK (fkdevicepool IS NOT NULL OR tkclass = 254),
	CONSTRAINT RH_CLASS_OF_MODEL CHECK ((tkmodel = 73) = (tkclass = 10)
		AND (tkmodel <> 72 OR tkclass = 1))
);

CREATE TABLE digitdiscardinstruction (PKID, name TEXT NOT NULL);
CREATE TABLE numplan (
	PKID,
	fkroutepartition TEXT REFERENCES routepartition(pkid),
	dnorpattern TEXT NOT NULL CONSTRAINT RH_NUMBER_CHARACTERS
		CHECK (length(dnorpattern) BETWEEN 1 AND 50
			AND dnorpattern NOT GLOB '*[^]0-9A-DX*#+.!@^[\-]*'),
	tkpatternusage INTEGER NOT NULL DEFAULT 2 REFERENCES typepatternusage(enum),
	cfbdestination TEXT,
	cfnadestination TEXT,
	fkdigitdiscardinstruction TEXT REFERENCES digitdiscardinstruction(pkid),
	prefixdigitsout TEXT CONSTRAINT RH_PREFIX_DIGITS CHECK (prefixdigitsout IS NULL
		OR (length(prefixdigitsout) <= 50 AND prefixdigitsout NOT GLOB '*[^0-9A-D*#+]*')),
	blockenable FLAG NOT NULL DEFAULT 'f',
	calledpartytransformationmask TEXT CONSTRAINT RH_MASK CHECK (calledpartytransformationmask IS NULL
		OR (length(calledpartytransformationmask) <= 50
			AND calledpartytransformationmask NOT GLOB '*[^0-9A-DX*#+]*')),
	fkcallingsearchspace_sharedlineappear TEXT REFERENCES callingsearchspace(pkid),
	fkcallingsearchspace_translation TEXT REFERENCES callingsearchspace(pkid),
	callingpartytransformationmask TEXT,
	patternurgency FLAG NOT NULL DEFAULT 'f',
	fkcallingsearchspace_cfb TEXT REFERENCES callingsearchspace(pkid),
	fkcallingsearchspace_cfna TEXT REFERENCES callingsearchspace(pkid),
	userholdmohaudiosourceid INTEGER,
	networkholdmohaudiosourceid INTEGER,
	tkautoanswer INTEGER NOT NULL DEFAULT 0 REFERENCES typeautoanswer(enum),
	personalroutingenabled FLAG NOT NULL DEFAULT 'f',
	devicefailuredn TEXT,
	fkcallingsearchspace_devicefailure TEXT REFERENCES callingsearchspace(pkid),
	fkcallingsearchspace_mwi TEXT REFERENCES callingsearchspace(pkid),
	fkvoicemessagingprofile TEXT REFERENCES voicemessagingprofile(pkid),
	cfbvoicemailenabled FLAG NOT NULL DEFAULT 'f',
	cfnavoicemailenabled FLAG NOT NULL DEFAULT 'f',
	cfdfvoicemailenabled FLAG NOT NULL DEFAULT 'f',
	fkaarneighborhood TEXT REFERENCES aarneighborhood(pkid),
	description TEXT,
	cfnaduration INTEGER CONSTRAINT RH_RING_DURATION
		CHECK (cfnaduration IS NULL OR cfnaduration BETWEEN 1 AND 300),
	cfaptvoicemailenabled FLAG NOT NULL DEFAULT 'f',
	cfaptdestination TEXT,
	cfaptduration INTEGER,
	iscallable FLAG NOT NULL DEFAULT 't',
	fkcallmanager TEXT REFERENCES callmanager(pkid),
	alertingname TEXT,
	cfbintdestination TEXT,
	cfbintvoicemailenabled FLAG NOT NULL DEFAULT 'f',
	cfnaintdestination TEXT,
	cfnaintvoicemailenabled FLAG NOT NULL DEFAULT 'f',
	fkcallingsearchspace_cfbint TEXT REFERENCES callingsearchspace(pkid),
	pff_cfb FLAG NOT NULL DEFAULT 'f',
	pff_cfna FLAG NOT NULL DEFAULT 'f',
	pffdestination TEXT,
	pffintdestination TEXT,
	pffintvoicemailenabled FLAG NOT NULL DEFAULT 'f',
	pffvoicemailenabled FLAG NOT NULL DEFAULT 'f',
	fkcallingsearchspace_cfnaint TEXT REFERENCES callingsearchspace(pkid),
	ismessagewaitingon FLAG NOT NULL DEFAULT 'f',
	outsidedialtone FLAG NOT NULL DEFAULT 'f',
	allowcticontrolflag FLAG NOT NULL DEFAULT 't',
	alertingnameascii TEXT,
	resettoggle FLAG NOT NULL DEFAULT 'f',
	tkreset INTEGER NOT NULL DEFAULT 1 REFERENCES typereset(enum),
	aardestinationmask TEXT,
	cfurdestination TEXT,
	cfurintdestination TEXT,
	cfurintvoicemailenabled FLAG NOT NULL DEFAULT 'f',
	cfurvoicemailenabled FLAG NOT NULL DEFAULT 'f',
	fkcallingsearchspace_cfur TEXT REFERENCES callingsearchspace(pkid),
	fkcallingsearchspace_cfurint TEXT REFERENCES callingsearchspace(pkid),
	fkcallingsearchspace_revert TEXT REFERENCES callingsearchspace(pkid),
	iknumplan_parkcode TEXT,
	revertdestination TEXT,
	fkdevice_intercomdefault TEXT REFERENCES device(pkid),
	parkmonforwardnoretrievedn TEXT,
	parkmonforwardnoretrieveintdn TEXT,
	parkmonforwardnoretrieveintvmenabled FLAG NOT NULL DEFAULT 'f',
	parkmonforwardnoretrievevmenabled FLAG NOT NULL DEFAULT 'f',
	parkmonreversiontimer INTEGER
);
-- The places of a pattern's characters: the triggers that read patterns can have no loop.
CREATE VIEW rehomeplace AS
	WITH RECURSIVE place (at) AS (VALUES (1) UNION ALL SELECT at + 1 FROM place WHERE at < 50)
	SELECT at FROM place;
CREATE TABLE callforwarddynamic (
	PKID,
	cfadestination TEXT,
	fkcallingsearchspace_cfa TEXT REFERENCES callingsearchspace(pkid),
	cfavoicemailenabled FLAG NOT NULL DEFAULT 'f',
	fkcallingsearchspace_scfa TEXT REFERENCES callingsearchspace(pkid),
	fknumplan TEXT NOT NULL REFERENCES numplan(pkid) ON DELETE CASCADE,
	datetimestamp INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE devicenumplanmap (
	PKIDONLY,
	fkdevice TEXT NOT NULL REFERENCES device(pkid),
	numplanindex INTEGER NOT NULL DEFAULT 1
		CONSTRAINT RH_LINE_INDEX CHECK (numplanindex >= 1),
	label TEXT,
	fknumplan TEXT NOT NULL REFERENCES numplan(pkid),
	display TEXT,
	tkringsetting INTEGER NOT NULL DEFAULT 0 REFERENCES typeringsetting(enum),
	ctiid INTEGER PRIMARY KEY,
	e164mask TEXT,
	dialplanwizardgenid INTEGER,
	tkmwlpolicy INTEGER NOT NULL DEFAULT 0,
	tkringsetting_consecutive INTEGER NOT NULL DEFAULT 0 REFERENCES typeringsetting(enum),
	maxnumcalls INTEGER NOT NULL DEFAULT 4
		CONSTRAINT RH_MAX_CALLS CHECK (maxnumcalls BETWEEN 1 AND 10000),
	busytrigger INTEGER NOT NULL DEFAULT 2,
	callinfodisplaymask INTEGER,
	labelascii TEXT,
	displayascii TEXT,
	tkringsetting_activepickupalert INTEGER NOT NULL DEFAULT 0 REFERENCES typeringsetting(enum),
	tkringsetting_idlepickupalert INTEGER NOT NULL DEFAULT 0 REFERENCES typeringsetting(enum),
	tkpartitionusage INTEGER NOT NULL DEFAULT 99 REFERENCES typepartitionusage(enum),
	speeddial TEXT,
	fkrecordingprofile TEXT,
	fkcallingsearchspace_monitoring TEXT REFERENCES callingsearchspace(pkid),
	tkstatus_audiblemwi INTEGER NOT NULL DEFAULT 2 REFERENCES typestatus(enum),
	logmissedcalls FLAG NOT NULL DEFAULT 't',
	tkpreferredmediasource INTEGER,
	CONSTRAINT RH_BUSY_TRIGGER CHECK (busytrigger BETWEEN 1 AND maxnumcalls)
);

-- A pickup group has a number of its own; its lines take each other's ringing calls.
CREATE TABLE pickupgroup (
	PKID,
	name TEXT NOT NULL,
	description TEXT,
	fknumplan_pickup TEXT NOT NULL REFERENCES numplan(pkid) ON DELETE CASCADE
);
CREATE TABLE pickupgrouplinemap (
	PKID,
	fkpickupgroup TEXT NOT NULL REFERENCES pickupgroup(pkid) ON DELETE CASCADE,
	fknumplan_line TEXT NOT NULL REFERENCES numplan(pkid) ON DELETE CASCADE
);

CREATE TABLE enduserdevicemap (
	PKID,
	fkenduser TEXT NOT NULL REFERENCES enduser(pkid) ON DELETE CASCADE,
	fkdevice TEXT NOT NULL REFERENCES device(pkid),
	defaultprofile FLAG NOT NULL DEFAULT 'f',
	description TEXT,
	tkuserassociation INTEGER NOT NULL DEFAULT 1 REFERENCES typeuserassociation(enum)
);
CREATE TABLE applicationuserdevicemap (
	PKID,
	fkapplicationuser TEXT NOT NULL REFERENCES applicationuser(pkid) ON DELETE CASCADE,
	fkdevice TEXT NOT NULL REFERENCES device(pkid),
	description TEXT,
	tkuserassociation INTEGER NOT NULL DEFAULT 1 REFERENCES typeuserassociation(enum)
);
CREATE TABLE endusernumplanmap (
	PKID,
	fkenduser TEXT NOT NULL REFERENCES enduser(pkid) ON DELETE CASCADE,
	fknumplan TEXT NOT NULL REFERENCES numplan(pkid) ON DELETE CASCADE,
	tkdnusage INTEGER NOT NULL DEFAULT 1 REFERENCES typednusage(enum)
);
CREATE TABLE dirgroup (
	PKID,
	name TEXT NOT NULL,
	isstandard FLAG NOT NULL DEFAULT 'f'
);
CREATE TABLE functionrole (
	PKID,
	name TEXT NOT NULL,
	description TEXT,
	isstandard FLAG NOT NULL DEFAULT 'f'
);
CREATE TABLE functionroledirgroupmap (
	PKID,
	fkfunctionrole TEXT NOT NULL REFERENCES functionrole(pkid),
	fkdirgroup TEXT NOT NULL REFERENCES dirgroup(pkid) ON DELETE CASCADE
);
CREATE TABLE functionroleresourcemap (
	PKID,
	fkfunctionrole TEXT NOT NULL REFERENCES functionrole(pkid) ON DELETE CASCADE,
	tkresource INTEGER NOT NULL,
	permission INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE enduserdirgroupmap (
	PKID,
	fkenduser TEXT NOT NULL REFERENCES enduser(pkid) ON DELETE CASCADE,
	fkdirgroup TEXT NOT NULL REFERENCES dirgroup(pkid)
);
CREATE TABLE applicationuserdirgroupmap (
	PKID,
	fkapplicationuser TEXT NOT NULL REFERENCES applicationuser(pkid) ON DELETE CASCADE,
	fkdirgroup TEXT NOT NULL REFERENCES dirgroup(pkid)
);

-- Change notification: filled by triggers (db_change.c makes them), read by the programs.
CREATE TABLE rehomechange (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	tablename TEXT NOT NULL,
	rowpkid TEXT NOT NULL,
	operation TEXT NOT NULL CHECK (operation IN ('insert', 'update', 'delete')),
	name TEXT
);

-- Informix's own catalogue, as far as administrators look at it. User tables start at 100.
CREATE VIEW systables AS
	SELECT name AS tabname, 'informix' AS owner, rowid + 99 AS tabid,
		(SELECT count(*) FROM pragma_table_info(s.name)) AS ncols,
		CASE type WHEN 'view' THEN 'V' ELSE 'T' END AS tabtype
	FROM sqlite_schema AS s
	WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'
	ORDER BY name;
CREATE VIEW syscolumns AS
	SELECT c.name AS colname, t.rowid + 99 AS tabid, c.cid + 1 AS colno,
		(CASE WHEN c.type = 'INTEGER' THEN 2 ELSE 13 END)
			+ (CASE WHEN c."notnull" OR c.pk THEN 256 ELSE 0 END) AS coltype,
		CASE WHEN c.type = 'INTEGER' THEN 4 ELSE 255 END AS collength
	FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
	WHERE t.type IN ('table', 'view') AND t.name NOT LIKE 'sqlite_%'
	ORDER BY t.name, c.cid;
