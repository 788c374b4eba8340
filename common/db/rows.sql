-- What every cluster has from the start: the type tables with the real enums, the well-known
-- objects with their guids, the standard user groups with their roles.

INSERT INTO typeautoanswer VALUES (0, 'Auto Answer Off', 'AUTOANSWER_OFF'),
	(1, 'Auto Answer with Headset', 'AUTOANSWER_HEADSET'),
	(2, 'Auto Answer with Speakerphone', 'AUTOANSWER_SPEAKERPHONE');
INSERT INTO typeclass VALUES (1, 'Phone', 'CLASS_PHONE'), (2, 'Gateway', 'CLASS_GATEWAY'),
	(4, 'Conference Bridge', 'CLASS_CONF_BRIDGE'),
	(5, 'Media Termination Point', 'CLASS_MTP'), (7, 'Route List', 'CLASS_ROUTE_LIST'),
	(8, 'Voice Mail', 'CLASS_VOICE_MAIL'), (10, 'CTI Route Point', 'CLASS_CTI_ROUTE_POINT'),
	(18, 'Trunk', 'CLASS_TRUNK'),
	(20, 'Remote Destination Profile', 'CLASS_REMOTE_DESTINATION_PROFILE'),
	(254, 'Device Profile', 'CLASS_DEVICE_PROFILE');
INSERT INTO typecountry VALUES (64, 'United States', 'COUNTRY_UNITED_STATES');
INSERT INTO typecredential VALUES (3, 'Password', 'CREDENTIAL_PASSWORD'),
	(4, 'PIN', 'CREDENTIAL_PIN');
INSERT INTO typedeviceprotocol VALUES (0, 'SCCP', 'DEVICEPROTOCOL_SCCP'),
	(11, 'SIP', 'DEVICEPROTOCOL_SIP');
INSERT INTO typednusage VALUES (1, 'Primary', 'DNUSAGE_PRIMARY'),
	(2, 'IPCC Extension', 'DNUSAGE_IPCC');
INSERT INTO typemodel VALUES (6, 'Cisco 7910', 'MODEL_CISCO_7910'),
	(7, 'Cisco 7960', 'MODEL_CISCO_7960'), (8, 'Cisco 7940', 'MODEL_CISCO_7940'),
	(9, 'Cisco 7935', 'MODEL_CISCO_7935'), (20, 'SCCP Phone', 'MODEL_SCCP_PHONE'),
	(50, 'Conference Bridge', 'MODEL_CONFERENCE_BRIDGE'),
	(61, 'H.323 Phone', 'MODEL_H323_PHONE'), (62, 'H.323 Gateway', 'MODEL_H323_GATEWAY'),
	(70, 'Music On Hold', 'MODEL_MUSIC_ON_HOLD'), (71, 'Device Pilot', 'MODEL_DEVICE_PILOT'),
	(72, 'CTI Port', 'MODEL_CTI_PORT'), (73, 'CTI Route Point', 'MODEL_CTI_ROUTE_POINT'),
	(80, 'Voice Mail Port', 'MODEL_VOICE_MAIL_PORT'), (90, 'Route List', 'MODEL_ROUTE_LIST'),
	(110, 'Media Termination Point', 'MODEL_MEDIA_TERMINATION_POINT'),
	(115, 'Cisco 7941', 'MODEL_CISCO_7941'), (119, 'Cisco 7971', 'MODEL_CISCO_7971'),
	(131, 'SIP Trunk', 'MODEL_SIP_TRUNK'), (255, 'Unknown', 'MODEL_UNKNOWN'),
	(307, 'Cisco 7911', 'MODEL_CISCO_7911'), (308, 'Cisco 7961G-GE', 'MODEL_CISCO_7961G_GE'),
	(309, 'Cisco 7941G-GE', 'MODEL_CISCO_7941G_GE'),
	(503, 'Cisco Unified Client Services Framework', 'MODEL_CLIENT_SERVICES_FRAMEWORK'),
	(635, 'CTI Remote Device', 'MODEL_CTI_REMOTE_DEVICE'),
	(20000, 'Cisco 7905', 'MODEL_CISCO_7905'), (30002, 'Cisco 7920', 'MODEL_CISCO_7920'),
	(30006, 'Cisco 7970', 'MODEL_CISCO_7970'), (30007, 'Cisco 7912', 'MODEL_CISCO_7912'),
	(30016, 'Cisco IP Communicator', 'MODEL_CISCO_IP_COMMUNICATOR'),
	(30018, 'Cisco 7961', 'MODEL_CISCO_7961'), (30027, 'Analog Phone', 'MODEL_ANALOG_PHONE'),
	(30028, 'ISDN BRI Phone', 'MODEL_ISDN_BRI_PHONE');
INSERT INTO typedialpattern VALUES (1, '7905_7912', 'DIALPATTERN_7905_7912'),
	(2, '7940_7960_OTHER', 'DIALPATTERN_7940_7960_OTHER');
INSERT INTO typeparam VALUES (1, 'Integer', 'PARAM_INTEGER'), (2, 'String', 'PARAM_STRING'),
	(3, 'Boolean', 'PARAM_BOOLEAN');
INSERT INTO typepartitionusage VALUES (99, 'General', 'PARTITIONUSAGE_GENERAL');
INSERT INTO typepatternusage VALUES (0, 'Call Park', 'PATTERNUSAGE_CALL_PARK'),
	(1, 'Conference', 'PATTERNUSAGE_CONFERENCE'), (2, 'Device', 'PATTERNUSAGE_DEVICE'),
	(3, 'Translation', 'PATTERNUSAGE_TRANSLATION'),
	(4, 'Call Pick Up Group', 'PATTERNUSAGE_CALL_PICKUP_GROUP'),
	(5, 'Route', 'PATTERNUSAGE_ROUTE'), (6, 'Message Waiting', 'PATTERNUSAGE_MESSAGE_WAITING'),
	(7, 'Hunt Pilot', 'PATTERNUSAGE_HUNT_PILOT'),
	(8, 'Voice Mail Port', 'PATTERNUSAGE_VOICE_MAIL_PORT'),
	(13, 'Device Intercom', 'PATTERNUSAGE_DEVICE_INTERCOM');
INSERT INTO digitdiscardinstruction (pkid, name) VALUES
	('52656800-0000-4000-8000-000000000801', 'PreDot');
INSERT INTO typeprotocolside VALUES (0, 'Network', 'PROTOCOLSIDE_NETWORK'),
	(1, 'User', 'PROTOCOLSIDE_USER');
INSERT INTO typereset VALUES (1, 'None', 'RESET_NONE'), (2, 'Reset', 'RESET_RESET'),
	(3, 'Restart', 'RESET_RESTART');
INSERT INTO typeringsetting VALUES (0, 'Use System Default', 'RINGSETTING_SYSTEM_DEFAULT', 't'),
	(1, 'Disable', 'RINGSETTING_DISABLE', 't'), (2, 'Flash Only', 'RINGSETTING_FLASH_ONLY', 't'),
	(3, 'Ring Once', 'RINGSETTING_RING_ONCE', 't'), (4, 'Ring', 'RINGSETTING_RING', 't'),
	(5, 'Beep Only', 'RINGSETTING_BEEP_ONLY', 't');
INSERT INTO typeservice VALUES (0, 'Cisco CallManager', 'SERVICE_CALLMANAGER'),
	(1, 'Cisco Tftp', 'SERVICE_TFTP'), (2, 'Cisco CTIManager', 'SERVICE_CTIMANAGER'),
	(3, 'Cisco IP Voice Media Streaming App', 'SERVICE_IP_VOICE_MEDIA_STREAMING'),
	(11, 'Enterprise Wide', 'SERVICE_ENTERPRISE_WIDE'),
	(12, 'Cisco WebDialer Web Service', 'SERVICE_WEBDIALER'),
	(13, 'Cisco Extension Mobility', 'SERVICE_EXTENSION_MOBILITY');
INSERT INTO typestatus VALUES (0, 'Off', 'STATUS_OFF'), (1, 'On', 'STATUS_ON'),
	(2, 'Default', 'STATUS_DEFAULT');
INSERT INTO typetransport VALUES (1, 'TCP', 'TRANSPORT_TCP'), (2, 'UDP', 'TRANSPORT_UDP'),
	(3, 'TLS', 'TRANSPORT_TLS');
INSERT INTO typeuserassociation VALUES (1, 'CTI Control In', 'USERASSOCIATION_CTI_CONTROL_IN'),
	(2, 'Profile Available', 'USERASSOCIATION_PROFILE_AVAILABLE');
INSERT INTO typeuserlocale VALUES (1, 'English United States', 'USERLOCALE_ENGLISH_UNITED_STATES');
INSERT INTO typeuserprofile VALUES (1, 'Standard User', 'USERPROFILE_STANDARD'),
	(3, 'Token User', 'USERPROFILE_TOKEN');

INSERT INTO processnode (pkid, name, systemnode, description, nodeid) VALUES
	('00000000-1111-0000-0000-000000000000', 'EnterpriseWideData', 't', NULL, 1);
INSERT INTO callmanagergroup (pkid, name, tftpdefault) VALUES
	('d13c4201-7802-11d3-bdf0-00108302ead1', 'Default', 't');
INSERT INTO region (pkid, name) VALUES ('1b1b9eb1-7803-11d3-bdf0-00108302ead1', 'Default');
INSERT INTO datetimesetting (pkid, name) VALUES
	('9ec4850a-7748-11d3-bdf0-00108302ead1', 'CMLocal');
INSERT INTO location (pkid, name) VALUES ('29c5c1c4-8871-4d1e-8394-0b9181e8c54d', 'Hub_None');
INSERT INTO commonphoneconfig (pkid, name) VALUES
	('ac243d17-98b4-4118-8feb-5ff2e1b781ac', 'Standard Common Phone Profile');
INSERT INTO devicepool (pkid, name, fkregion, fkdatetimesetting, fkcallmanagergroup, tkcountry)
	VALUES ('1b1b9eb6-7803-11d3-bdf0-00108302ead1', 'Default',
	'1b1b9eb1-7803-11d3-bdf0-00108302ead1', '9ec4850a-7748-11d3-bdf0-00108302ead1',
	'd13c4201-7802-11d3-bdf0-00108302ead1', 64);
INSERT INTO softkeytemplate (pkid, name) VALUES
	('52656800-0000-4000-8000-000000000301', 'Standard User');
INSERT INTO phonetemplate (pkid, name, numofbuttons, usermodifiable, tkmodel, tkdeviceprotocol)
	VALUES ('52656800-0000-4000-8000-000000000401', 'Standard CTI Port', 34, 'f', 72, 0),
	('52656800-0000-4000-8000-000000000402', 'Standard 7960 SCCP', 6, 'f', 7, 0),
	('52656800-0000-4000-8000-000000000403', 'Standard 7970 SIP', 8, 'f', 30006, 11);
INSERT INTO securityprofile (pkid, name, tkdeviceprotocol, tktransport) VALUES
	('52656800-0000-4000-8000-000000000501', 'Standard SCCP Non-Secure Profile', 0, 1),
	('52656800-0000-4000-8000-000000000502', 'Standard SIP Non-Secure Profile', 11, 1),
	('52656800-0000-4000-8000-000000000503', 'Standard SIP UDP Non-Secure Profile', 11, 2),
	('52656800-0000-4000-8000-000000000504', 'Standard SCCP Secure Profile', 0, 3),
	('52656800-0000-4000-8000-000000000505', 'Standard SIP Secure Profile', 11, 3);

INSERT INTO dirgroup (pkid, name, isstandard) VALUES
	('52656800-0000-4000-8000-000000000101', 'Standard CTI Enabled', 't'),
	('52656800-0000-4000-8000-000000000102', 'Standard CTI Allow Control of All Devices', 't'),
	('52656800-0000-4000-8000-000000000103', 'Standard CTI Allow Call Park Monitoring', 't'),
	('52656800-0000-4000-8000-000000000104', 'Standard CTI Allow Calling Number Modification', 't'),
	('52656800-0000-4000-8000-000000000105', 'Standard CTI Allow Reception of SRTP Key Material', 't'),
	('52656800-0000-4000-8000-000000000106', 'Standard CTI Secure Connection', 't'),
	('52656800-0000-4000-8000-000000000107', 'Standard CCM End Users', 't'),
	('52656800-0000-4000-8000-000000000108', 'Standard CCM Super Users', 't');
INSERT INTO functionrole (pkid, name, description, isstandard) VALUES
	('52656800-0000-4000-8000-000000000201', 'Standard CTI Enabled',
		'May open a provider', 't'),
	('52656800-0000-4000-8000-000000000202', 'Standard CTI Allow Control of All Devices',
		'May open every device that CTI can control', 't'),
	('52656800-0000-4000-8000-000000000203', 'Standard CTI Allow Call Park Monitoring',
		'Is told of parked calls', 't'),
	('52656800-0000-4000-8000-000000000204', 'Standard CTI Allow Calling Number Modification',
		'May change the calling number', 't'),
	('52656800-0000-4000-8000-000000000205', 'Standard CTI Allow Reception of SRTP Key Material',
		'Is sent the keys of encrypted streams', 't'),
	('52656800-0000-4000-8000-000000000206', 'Standard CTI Secure Connection',
		'Must connect encrypted when the cluster is secure', 't'),
	('52656800-0000-4000-8000-000000000207', 'Standard CCM End Users', 'User pages', 't'),
	('52656800-0000-4000-8000-000000000208', 'Standard CCM Admin Users', 'Administration', 't');
INSERT INTO functionroledirgroupmap (pkid, fkfunctionrole, fkdirgroup)
	SELECT '52656800-0000-4000-8000-0000000006' || substr(r.pkid, -2), r.pkid, g.pkid
	FROM functionrole AS r, dirgroup AS g WHERE substr(r.pkid, -2) = substr(g.pkid, -2)
	ORDER BY r.pkid;
INSERT INTO componentversion (pkid, version, softwarecomponent) VALUES
	('52656800-0000-4000-8000-000000000701', '5.1.1', 'cm-ver'),
	('52656800-0000-4000-8000-000000000702', '5.1.1', 'master');
