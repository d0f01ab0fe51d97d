BEGIN TRANSACTION;
CREATE TABLE "departments" (
   "department_code" TEXT PRIMARY KEY,
   "name_hi" TEXT,
   "name_en" TEXT,
   "source" TEXT,
   "note" TEXT,
   "drafted" INTEGER
);
INSERT INTO "departments" VALUES('ENERGY','ऊर्जा विभाग','Energy','https://loknabj.com/news.php?news_id=88804; https://www.centralchronicle.com/pending-complaints-increased-on-chief-ministers-helpline/','',1);
INSERT INTO "departments" VALUES('REVENUE','राजस्व विभाग','Revenue','https://loknabj.com/news.php?news_id=84933; https://loknabj.com/news.php?news_id=88804; https://vandebharatlivetvnews.com/archives/415070; https://www.centralchronicle.com/pending-complaints-increased-on-chief-ministers-helpline/','',1);
INSERT INTO "departments" VALUES('WCD','महिला एवं बाल विकास विभाग','Women and Child Development','https://www.newspuran.com/two-and-a-quarter-lakh-complaints-pending-in-cm-helpline; https://vandebharatlivetvnews.com/archives/415070; https://jantaserishta.co/madhya-pradesh/collector-issues-notice-to-officials-on-poor-performance-in-cm-helpline-1157735; https://www.freepressjournal.in/indore/situation-alarming-over-7805-cm-helpline-cases-awaiting-redressal-in-wcd-department','',1);
CREATE TABLE "designations" (
   "designation_code" TEXT PRIMARY KEY,
   "name_hi" TEXT,
   "name_en" TEXT,
   "source" TEXT,
   "note" TEXT,
   "drafted" INTEGER
);
INSERT INTO "designations" VALUES('ENERGY-L1','कनिष्ठ/सहायक यंत्री, वितरण केन्द्र (म.प्र. मध्य क्षेत्र विद्युत वितरण कंपनी)','Junior / Assistant Engineer, distribution centre (MPMKVVCL)','','',1);
INSERT INTO "designations" VALUES('ENERGY-L2','उप महाप्रबंधक / कार्यपालन यंत्री (संचारण-संधारण संभाग)','Deputy General Manager / Divisional Engineer','','',1);
INSERT INTO "designations" VALUES('ENERGY-L3','महाप्रबंधक / अधीक्षण यंत्री (वृत्त)','General Manager / Superintending Engineer, circle','','',1);
INSERT INTO "designations" VALUES('ENERGY-L4','मुख्य महाप्रबंधक / प्रबंध संचालक, विद्युत वितरण कंपनी','Chief General Manager / Managing Director, discom','','',1);
INSERT INTO "designations" VALUES('REVENUE-L1','तहसीलदार / नायब तहसीलदार','Tehsildar / Naib Tehsildar','','',1);
INSERT INTO "designations" VALUES('SDO-REVENUE','अनुविभागीय अधिकारी (राजस्व)','Sub-Divisional Officer (Revenue)','','',1);
INSERT INTO "designations" VALUES('REVENUE-L3','कलेक्टर / अपर कलेक्टर','Collector / Additional Collector','','',1);
INSERT INTO "designations" VALUES('REVENUE-L4','संभागायुक्त','Divisional Commissioner','','',0);
INSERT INTO "designations" VALUES('WCD-L1','बाल विकास परियोजना अधिकारी','Child Development Project Officer','','',1);
INSERT INTO "designations" VALUES('WCD-L2','जिला कार्यक्रम अधिकारी','District Programme Officer','','',1);
INSERT INTO "designations" VALUES('WCD-L3','संभागीय संयुक्त संचालक, महिला एवं बाल विकास','Divisional Joint Director, WCD','','',1);
INSERT INTO "designations" VALUES('WCD-L4','आयुक्त / संचालक, महिला एवं बाल विकास','Commissioner / Director, WCD','','',1);
INSERT INTO "designations" VALUES('CHIEF-SECRETARY','मुख्य सचिव / अपर मुख्य सचिव','Chief Secretary / Additional Chief Secretary','','',0);
CREATE TABLE "holidays" (
   "id" INTEGER PRIMARY KEY,
   "date" TEXT,
   "name_hi" TEXT,
   "name_en" TEXT,
   "note" TEXT,
   "drafted" INTEGER
);
INSERT INTO "holidays" VALUES(1,'2026-01-26','गणतंत्र दिवस','Republic Day','confirmed in press',0);
INSERT INTO "holidays" VALUES(2,'2026-02-01','संत रविदास जयंती','Guru Ravidas Jayanti','press: falls on Sunday, not counted as a separate holiday',0);
INSERT INTO "holidays" VALUES(3,'2026-02-15','महाशिवरात्रि','Maha Shivaratri','press: falls on Sunday, not counted as a separate holiday',0);
CREATE TABLE "kinds" (
   "kind" TEXT PRIMARY KEY,
   "scope" TEXT,
   "name_hi" TEXT,
   "name_en" TEXT,
   "search_rank" INTEGER,
   "selectable" INTEGER,
   "where" TEXT
);
INSERT INTO "kinds" VALUES('municipality','ulb','नगर पालिका','Municipality',1,1,'district');
INSERT INTO "kinds" VALUES('nagar_parishad','ulb','नगर परिषद','Nagar Parishad',1,1,'district');
INSERT INTO "kinds" VALUES('tehsil','tehsil','तहसील','Tehsil',2,1,'district');
INSERT INTO "kinds" VALUES('district','district','जिला','District',3,1,'division');
INSERT INTO "kinds" VALUES('block','block','विकासखण्ड','Block',4,1,'district');
INSERT INTO "kinds" VALUES('village','village','ग्राम','Village',5,1,'tehsil;block;district');
INSERT INTO "kinds" VALUES('gram_panchayat','gram_panchayat','ग्राम पंचायत','Gram Panchayat',6,1,'tehsil;block;district');
INSERT INTO "kinds" VALUES('ward','ward','वार्ड','Ward',6,1,'ulb;district');
INSERT INTO "kinds" VALUES('habitation','habitation','बसाहट','Habitation',7,1,'tehsil;block;district');
INSERT INTO "kinds" VALUES('subdivision','subdivision','अनुभाग','Subdivision',8,0,'district');
INSERT INTO "kinds" VALUES('police_station','police_station','थाना','Police station',8,0,'district');
INSERT INTO "kinds" VALUES('distribution_centre','distribution_centre','वितरण केन्द्र','Distribution centre',8,0,'district');
INSERT INTO "kinds" VALUES('division','division','संभाग','Division',9,0,'state');
INSERT INTO "kinds" VALUES('state','state','राज्य','State',9,0,'');
CREATE TABLE "levels" (
   "level" INTEGER PRIMARY KEY,
   "label" TEXT,
   "name_hi" TEXT,
   "name_en" TEXT,
   "escalation" TEXT,
   "note" TEXT,
   "drafted" INTEGER
);
INSERT INTO "levels" VALUES(1,'L1','लेवल 1 अधिकारी','Level 1 officer','start','the field officer',0);
INSERT INTO "levels" VALUES(2,'L2','लेवल 2 अधिकारी','Level 2 officer','automatic','the officer to whom level 1 reports',0);
INSERT INTO "levels" VALUES(3,'L3','लेवल 3 अधिकारी','Level 3 officer','automatic','the collector or the head of the department in the district',0);
INSERT INTO "levels" VALUES(4,'L4','लेवल 4 अधिकारी','Level 4 officer','manual','the head of the department; by hand, with a reason, since December 2022',0);
INSERT INTO "levels" VALUES(5,'L5','लेवल 5 अधिकारी','Level 5 officer','manual','the chief secretary; announced in October 2025',1);
CREATE TABLE "meta" (
   "key" TEXT PRIMARY KEY,
   "value" TEXT
);
INSERT INTO "meta" VALUES('source','tiny');
INSERT INTO "meta" VALUES('imported_at','2026-11-23T23:25:10+00:00');
INSERT INTO "meta" VALUES('format','1');
INSERT INTO "meta" VALUES('number','1');
INSERT INTO "meta" VALUES('published_at','2026-11-23T23:25:13+00:00');
CREATE TABLE "places" (
   "place_id" TEXT PRIMARY KEY,
   "kind" TEXT,
   "name_hi" TEXT,
   "name_en" TEXT,
   "aliases" TEXT,
   "unsure_links" TEXT,
   "lgd_code" TEXT,
   "lat" REAL,
   "lon" REAL,
   "population" INTEGER,
   "note" TEXT,
   "drafted" INTEGER,
   "territory" INTEGER REFERENCES "territories"("id")
);
INSERT INTO "places" VALUES('state:23','state','मध्य प्रदेश','Madhya Pradesh','','','23',NULL,NULL,0,'',0,1);
INSERT INTO "places" VALUES('division:bhopal','division','भोपाल','Bhopal','','','',NULL,NULL,0,'',0,2);
INSERT INTO "places" VALUES('district:422','district','राजगढ़','Rajgarh','','tehsil;block','422',NULL,NULL,1545814,'tehsil and block of the headquarters, for a complaint that names the district only',0,3);
INSERT INTO "places" VALUES('tehsil:3563','tehsil','जीरापुर','Jirapur','Zirapur;Jeerapur','block','3563',24.01974,76.37465,0,'block: the one that holds most of its villages, for a complaint that names the tehsil only',0,4);
INSERT INTO "places" VALUES('tehsil:3565','tehsil','राजगढ़','Rajgarh','','block','3565',24.00759,76.73176,0,'block: the one that holds most of its villages, for a complaint that names the tehsil only',0,5);
INSERT INTO "places" VALUES('block:3945','block','राजगढ़','Rajgarh','','tehsil','3945',NULL,NULL,0,'tehsil: the one that holds most of its villages, for a complaint that names the block only',0,6);
INSERT INTO "places" VALUES('block:3947','block','जीरापुर','Zirapur','Jirapur;Jeerapur','tehsil','3947',NULL,NULL,0,'tehsil: the one that holds most of its villages, for a complaint that names the block only',0,7);
INSERT INTO "places" VALUES('ulb:250929','nagar_parishad','जीरापुर','Jirapur','Zirapur;Jeerapur','block','250929',NULL,NULL,21724,'block: that of the five villages nearest to the tehsil office',0,8);
INSERT INTO "places" VALUES('village:478700','village','धानोदा','Dhanoda','','','478700',24.19732,76.23212,1891,'',1,9);
INSERT INTO "places" VALUES('village:478701','village','जीरिया खेड़ी','Jiriya Khedi','','','478701',24.19026,76.23646,622,'',1,9);
INSERT INTO "places" VALUES('village:478702','village','मोतीपुरा','Motipura','','','478702',NULL,NULL,0,'',1,9);
CREATE TABLE "posts" (
   "post_id" TEXT PRIMARY KEY,
   "designation_code" TEXT REFERENCES "designations"("designation_code"),
   "unit_id" TEXT REFERENCES "places"("place_id"),
   "jurisdiction_hi" TEXT,
   "jurisdiction_en" TEXT,
   "name_hi" TEXT,
   "name_en" TEXT,
   "stand_in" INTEGER,
   "drafted" INTEGER
);
INSERT INTO "posts" VALUES('CHIEF-SECRETARY@state:23','CHIEF-SECRETARY','state:23','राज्य मध्य प्रदेश','Madhya Pradesh state','मुख्य सचिव / अपर मुख्य सचिव, मध्य प्रदेश','Chief Secretary / Additional Chief Secretary, Madhya Pradesh',0,0);
INSERT INTO "posts" VALUES('ENERGY-L1@block:3945','ENERGY-L1','block:3945','विकासखण्ड राजगढ़','Rajgarh block','कनिष्ठ/सहायक यंत्री, वितरण केन्द्र (म.प्र. मध्य क्षेत्र विद्युत वितरण कंपनी), विकासखण्ड राजगढ़','Junior / Assistant Engineer, distribution centre (MPMKVVCL), Rajgarh block',1,1);
INSERT INTO "posts" VALUES('ENERGY-L1@block:3947','ENERGY-L1','block:3947','विकासखण्ड जीरापुर','Zirapur block','कनिष्ठ/सहायक यंत्री, वितरण केन्द्र (म.प्र. मध्य क्षेत्र विद्युत वितरण कंपनी), विकासखण्ड जीरापुर','Junior / Assistant Engineer, distribution centre (MPMKVVCL), Zirapur block',1,1);
INSERT INTO "posts" VALUES('ENERGY-L1@ulb:250929','ENERGY-L1','ulb:250929','नगर परिषद जीरापुर','Jirapur nagar parishad','कनिष्ठ/सहायक यंत्री, वितरण केन्द्र (म.प्र. मध्य क्षेत्र विद्युत वितरण कंपनी), नगर परिषद जीरापुर','Junior / Assistant Engineer, distribution centre (MPMKVVCL), Jirapur nagar parishad',1,1);
INSERT INTO "posts" VALUES('ENERGY-L2@tehsil:3565','ENERGY-L2','tehsil:3565','तहसील राजगढ़','Rajgarh tehsil','उप महाप्रबंधक / कार्यपालन यंत्री (संचारण-संधारण संभाग), तहसील राजगढ़','Deputy General Manager / Divisional Engineer, Rajgarh tehsil',1,1);
INSERT INTO "posts" VALUES('ENERGY-L2@tehsil:3563','ENERGY-L2','tehsil:3563','तहसील जीरापुर','Jirapur tehsil','उप महाप्रबंधक / कार्यपालन यंत्री (संचारण-संधारण संभाग), तहसील जीरापुर','Deputy General Manager / Divisional Engineer, Jirapur tehsil',1,1);
INSERT INTO "posts" VALUES('ENERGY-L3@district:422','ENERGY-L3','district:422','जिला राजगढ़','Rajgarh district','महाप्रबंधक / अधीक्षण यंत्री (वृत्त), राजगढ़','General Manager / Superintending Engineer, circle, Rajgarh',0,1);
INSERT INTO "posts" VALUES('ENERGY-L4@state:23','ENERGY-L4','state:23','राज्य मध्य प्रदेश','Madhya Pradesh state','मुख्य महाप्रबंधक / प्रबंध संचालक, विद्युत वितरण कंपनी, मध्य प्रदेश','Chief General Manager / Managing Director, discom, Madhya Pradesh',0,1);
INSERT INTO "posts" VALUES('REVENUE-L1@tehsil:3565','REVENUE-L1','tehsil:3565','तहसील राजगढ़','Rajgarh tehsil','तहसीलदार / नायब तहसीलदार, राजगढ़','Tehsildar / Naib Tehsildar, Rajgarh',0,1);
INSERT INTO "posts" VALUES('REVENUE-L1@tehsil:3563','REVENUE-L1','tehsil:3563','तहसील जीरापुर','Jirapur tehsil','तहसीलदार / नायब तहसीलदार, जीरापुर','Tehsildar / Naib Tehsildar, Jirapur',0,1);
INSERT INTO "posts" VALUES('REVENUE-L3@district:422','REVENUE-L3','district:422','जिला राजगढ़','Rajgarh district','कलेक्टर / अपर कलेक्टर, राजगढ़','Collector / Additional Collector, Rajgarh',0,1);
INSERT INTO "posts" VALUES('REVENUE-L4@division:bhopal','REVENUE-L4','division:bhopal','संभाग भोपाल','Bhopal division','संभागायुक्त, भोपाल','Divisional Commissioner, Bhopal',0,0);
INSERT INTO "posts" VALUES('SDO-REVENUE@tehsil:3565','SDO-REVENUE','tehsil:3565','तहसील राजगढ़','Rajgarh tehsil','अनुविभागीय अधिकारी (राजस्व), तहसील राजगढ़','Sub-Divisional Officer (Revenue), Rajgarh tehsil',1,1);
INSERT INTO "posts" VALUES('SDO-REVENUE@tehsil:3563','SDO-REVENUE','tehsil:3563','तहसील जीरापुर','Jirapur tehsil','अनुविभागीय अधिकारी (राजस्व), तहसील जीरापुर','Sub-Divisional Officer (Revenue), Jirapur tehsil',1,1);
INSERT INTO "posts" VALUES('WCD-L1@block:3945','WCD-L1','block:3945','विकासखण्ड राजगढ़','Rajgarh block','बाल विकास परियोजना अधिकारी, राजगढ़','Child Development Project Officer, Rajgarh',0,1);
INSERT INTO "posts" VALUES('WCD-L1@block:3947','WCD-L1','block:3947','विकासखण्ड जीरापुर','Zirapur block','बाल विकास परियोजना अधिकारी, जीरापुर','Child Development Project Officer, Zirapur',0,1);
INSERT INTO "posts" VALUES('WCD-L2@district:422','WCD-L2','district:422','जिला राजगढ़','Rajgarh district','जिला कार्यक्रम अधिकारी, राजगढ़','District Programme Officer, Rajgarh',0,1);
INSERT INTO "posts" VALUES('WCD-L3@division:bhopal','WCD-L3','division:bhopal','संभाग भोपाल','Bhopal division','संभागीय संयुक्त संचालक, महिला एवं बाल विकास, भोपाल','Divisional Joint Director, WCD, Bhopal',0,1);
INSERT INTO "posts" VALUES('WCD-L4@state:23','WCD-L4','state:23','राज्य मध्य प्रदेश','Madhya Pradesh state','आयुक्त / संचालक, महिला एवं बाल विकास, मध्य प्रदेश','Commissioner / Director, WCD, Madhya Pradesh',0,1);
CREATE TABLE "responsibilities" (
   "id" INTEGER PRIMARY KEY,
   "subject" TEXT,
   "level" INTEGER,
   "area" TEXT,
   "scope" TEXT,
   "designation_code" TEXT,
   "since" TEXT,
   "source" TEXT,
   "note" TEXT,
   "drafted" INTEGER
);
INSERT INTO "responsibilities" VALUES(1,'ENERGY',1,'any','distribution_centre','ENERGY-L1',NULL,'https://bhopalsamachar.com/2018/07/cm-helpline-l-1-500-mp-news.html','',1);
INSERT INTO "responsibilities" VALUES(2,'ENERGY',2,'any','subdivision','ENERGY-L2',NULL,'','',1);
INSERT INTO "responsibilities" VALUES(3,'ENERGY',3,'any','district','ENERGY-L3',NULL,'','',1);
INSERT INTO "responsibilities" VALUES(4,'ENERGY',4,'any','state','ENERGY-L4',NULL,'','',1);
INSERT INTO "responsibilities" VALUES(5,'REVENUE',1,'any','tehsil','REVENUE-L1',NULL,'https://www.freepressjournal.in/indore/madhya-pradesh-instructions-passed-to-resolve-pending-mpudc-complaints-in-khargone; https://www.centralchronicle.com/pending-complaints-increased-on-chief-ministers-helpline/','',1);
INSERT INTO "responsibilities" VALUES(6,'REVENUE',2,'any','subdivision','SDO-REVENUE',NULL,'','',1);
INSERT INTO "responsibilities" VALUES(7,'REVENUE',3,'any','district','REVENUE-L3',NULL,'','',1);
INSERT INTO "responsibilities" VALUES(8,'REVENUE',4,'any','division','REVENUE-L4',NULL,'https://www.patrika.com/gwalior-news/revenue-department-worst-in-cm-helpline-1766-pending-complaints-5820619','',0);
INSERT INTO "responsibilities" VALUES(9,'WCD',1,'any','block','WCD-L1',NULL,'','',1);
INSERT INTO "responsibilities" VALUES(10,'WCD',2,'any','district','WCD-L2',NULL,'https://jantaserishta.co/madhya-pradesh/collector-issues-notice-to-officials-on-poor-performance-in-cm-helpline-1157735','',1);
INSERT INTO "responsibilities" VALUES(11,'WCD',3,'any','division','WCD-L3',NULL,'','',1);
INSERT INTO "responsibilities" VALUES(12,'WCD',4,'any','state','WCD-L4',NULL,'','',1);
INSERT INTO "responsibilities" VALUES(13,'*',5,'any','state','CHIEF-SECRETARY',NULL,'https://www.naidunia.com/madhya-pradesh/bhopal-pending-complaints-on-cm-helpline-will-now-reach-chief-secretary-in-madhya-pradesh-8410402','',0);
CREATE TABLE "scope_fallbacks" (
   "scope" TEXT,
   "order" INTEGER,
   "via" TEXT,
   "take" TEXT,
   "note" TEXT,
   "drafted" INTEGER,
   PRIMARY KEY ("scope", "order")
);
INSERT INTO "scope_fallbacks" VALUES('division',1,'district','within','the division of the district',0);
INSERT INTO "scope_fallbacks" VALUES('state',1,'division','within','the state of the division',0);
INSERT INTO "scope_fallbacks" VALUES('tehsil',1,'block','within','the tehsil that holds most villages of the block',1);
INSERT INTO "scope_fallbacks" VALUES('tehsil',2,'district','within','the tehsil of the district''s headquarters',1);
INSERT INTO "scope_fallbacks" VALUES('block',1,'tehsil','within','the block that holds most villages of the tehsil',1);
INSERT INTO "scope_fallbacks" VALUES('block',2,'district','within','the block of the district''s headquarters',1);
INSERT INTO "scope_fallbacks" VALUES('subdivision',1,'tehsil','unit','the subdivisions and their tehsils are not in the directory yet',1);
INSERT INTO "scope_fallbacks" VALUES('police_station',1,'tehsil','unit','the police stations and their limits are not in the directory yet',1);
INSERT INTO "scope_fallbacks" VALUES('distribution_centre',1,'ulb','unit','the distribution centres are not in the directory yet: the town''s',1);
INSERT INTO "scope_fallbacks" VALUES('distribution_centre',2,'block','unit','the distribution centres are not in the directory yet: the block''s',1);
INSERT INTO "scope_fallbacks" VALUES('ward',1,'ulb','unit','the wards are not in the directory yet',1);
CREATE TABLE "settings" (
   "key" TEXT PRIMARY KEY,
   "value" TEXT
);
INSERT INTO "settings" VALUES('calendar_policy','calendar');
INSERT INTO "settings" VALUES('weekend','sat;sun');
INSERT INTO "settings" VALUES('urban_scope','ulb');
CREATE TABLE "territories" (
   "id" INTEGER PRIMARY KEY,
   "area" TEXT
);
INSERT INTO "territories" VALUES(1,'rural');
INSERT INTO "territories" VALUES(2,'rural');
INSERT INTO "territories" VALUES(3,'rural');
INSERT INTO "territories" VALUES(4,'rural');
INSERT INTO "territories" VALUES(5,'rural');
INSERT INTO "territories" VALUES(6,'rural');
INSERT INTO "territories" VALUES(7,'rural');
INSERT INTO "territories" VALUES(8,'urban');
INSERT INTO "territories" VALUES(9,'rural');
CREATE TABLE "territory_units" (
   "territory" INTEGER REFERENCES "territories"("id"),
   "scope" TEXT,
   "unit_id" TEXT REFERENCES "places"("place_id"),
   "drafted" INTEGER,
   "how" TEXT,
   "stand_in" INTEGER,
   PRIMARY KEY ("territory", "scope")
);
INSERT INTO "territory_units" VALUES(1,'state','state:23',0,'',0);
INSERT INTO "territory_units" VALUES(2,'division','division:bhopal',0,'',0);
INSERT INTO "territory_units" VALUES(2,'state','state:23',0,'',0);
INSERT INTO "territory_units" VALUES(3,'block','block:3945',1,'',0);
INSERT INTO "territory_units" VALUES(3,'distribution_centre','block:3945',1,'no distribution_centre known for the place: by its block (the distribution centres are not in the directory yet: the block''s)',1);
INSERT INTO "territory_units" VALUES(3,'district','district:422',0,'',0);
INSERT INTO "territory_units" VALUES(3,'division','division:bhopal',0,'',0);
INSERT INTO "territory_units" VALUES(3,'police_station','tehsil:3565',1,'no police_station known for the place: by its tehsil (the police stations and their limits are not in the directory yet)',1);
INSERT INTO "territory_units" VALUES(3,'state','state:23',0,'',0);
INSERT INTO "territory_units" VALUES(3,'subdivision','tehsil:3565',1,'no subdivision known for the place: by its tehsil (the subdivisions and their tehsils are not in the directory yet)',1);
INSERT INTO "territory_units" VALUES(3,'tehsil','tehsil:3565',1,'',0);
INSERT INTO "territory_units" VALUES(4,'block','block:3947',1,'',0);
INSERT INTO "territory_units" VALUES(4,'distribution_centre','block:3947',1,'no distribution_centre known for the place: by its block (the distribution centres are not in the directory yet: the block''s)',1);
INSERT INTO "territory_units" VALUES(4,'district','district:422',0,'',0);
INSERT INTO "territory_units" VALUES(4,'division','division:bhopal',0,'',0);
INSERT INTO "territory_units" VALUES(4,'police_station','tehsil:3563',1,'no police_station known for the place: by its tehsil (the police stations and their limits are not in the directory yet)',1);
INSERT INTO "territory_units" VALUES(4,'state','state:23',0,'',0);
INSERT INTO "territory_units" VALUES(4,'subdivision','tehsil:3563',1,'no subdivision known for the place: by its tehsil (the subdivisions and their tehsils are not in the directory yet)',1);
INSERT INTO "territory_units" VALUES(4,'tehsil','tehsil:3563',0,'',0);
INSERT INTO "territory_units" VALUES(5,'block','block:3945',1,'',0);
INSERT INTO "territory_units" VALUES(5,'distribution_centre','block:3945',1,'no distribution_centre known for the place: by its block (the distribution centres are not in the directory yet: the block''s)',1);
INSERT INTO "territory_units" VALUES(5,'district','district:422',0,'',0);
INSERT INTO "territory_units" VALUES(5,'division','division:bhopal',0,'',0);
INSERT INTO "territory_units" VALUES(5,'police_station','tehsil:3565',1,'no police_station known for the place: by its tehsil (the police stations and their limits are not in the directory yet)',1);
INSERT INTO "territory_units" VALUES(5,'state','state:23',0,'',0);
INSERT INTO "territory_units" VALUES(5,'subdivision','tehsil:3565',1,'no subdivision known for the place: by its tehsil (the subdivisions and their tehsils are not in the directory yet)',1);
INSERT INTO "territory_units" VALUES(5,'tehsil','tehsil:3565',0,'',0);
INSERT INTO "territory_units" VALUES(6,'block','block:3945',0,'',0);
INSERT INTO "territory_units" VALUES(6,'distribution_centre','block:3945',1,'no distribution_centre known for the place: by its block (the distribution centres are not in the directory yet: the block''s)',1);
INSERT INTO "territory_units" VALUES(6,'district','district:422',0,'',0);
INSERT INTO "territory_units" VALUES(6,'division','division:bhopal',0,'',0);
INSERT INTO "territory_units" VALUES(6,'police_station','tehsil:3565',1,'no police_station known for the place: by its tehsil (the police stations and their limits are not in the directory yet)',1);
INSERT INTO "territory_units" VALUES(6,'state','state:23',0,'',0);
INSERT INTO "territory_units" VALUES(6,'subdivision','tehsil:3565',1,'no subdivision known for the place: by its tehsil (the subdivisions and their tehsils are not in the directory yet)',1);
INSERT INTO "territory_units" VALUES(6,'tehsil','tehsil:3565',1,'',0);
INSERT INTO "territory_units" VALUES(7,'block','block:3947',0,'',0);
INSERT INTO "territory_units" VALUES(7,'distribution_centre','block:3947',1,'no distribution_centre known for the place: by its block (the distribution centres are not in the directory yet: the block''s)',1);
INSERT INTO "territory_units" VALUES(7,'district','district:422',0,'',0);
INSERT INTO "territory_units" VALUES(7,'division','division:bhopal',0,'',0);
INSERT INTO "territory_units" VALUES(7,'police_station','tehsil:3563',1,'no police_station known for the place: by its tehsil (the police stations and their limits are not in the directory yet)',1);
INSERT INTO "territory_units" VALUES(7,'state','state:23',0,'',0);
INSERT INTO "territory_units" VALUES(7,'subdivision','tehsil:3563',1,'no subdivision known for the place: by its tehsil (the subdivisions and their tehsils are not in the directory yet)',1);
INSERT INTO "territory_units" VALUES(7,'tehsil','tehsil:3563',1,'',0);
INSERT INTO "territory_units" VALUES(8,'block','block:3947',1,'',0);
INSERT INTO "territory_units" VALUES(8,'distribution_centre','ulb:250929',1,'no distribution_centre known for the place: by its ulb (the distribution centres are not in the directory yet: the town''s)',1);
INSERT INTO "territory_units" VALUES(8,'district','district:422',0,'',0);
INSERT INTO "territory_units" VALUES(8,'division','division:bhopal',0,'',0);
INSERT INTO "territory_units" VALUES(8,'police_station','tehsil:3563',1,'no police_station known for the place: by its tehsil (the police stations and their limits are not in the directory yet)',1);
INSERT INTO "territory_units" VALUES(8,'state','state:23',0,'',0);
INSERT INTO "territory_units" VALUES(8,'subdivision','tehsil:3563',1,'no subdivision known for the place: by its tehsil (the subdivisions and their tehsils are not in the directory yet)',1);
INSERT INTO "territory_units" VALUES(8,'tehsil','tehsil:3563',0,'',0);
INSERT INTO "territory_units" VALUES(8,'ulb','ulb:250929',0,'',0);
INSERT INTO "territory_units" VALUES(8,'ward','ulb:250929',1,'no ward known for the place: by its ulb (the wards are not in the directory yet)',1);
INSERT INTO "territory_units" VALUES(9,'block','block:3947',0,'',0);
INSERT INTO "territory_units" VALUES(9,'distribution_centre','block:3947',1,'no distribution_centre known for the place: by its block (the distribution centres are not in the directory yet: the block''s)',1);
INSERT INTO "territory_units" VALUES(9,'district','district:422',0,'',0);
INSERT INTO "territory_units" VALUES(9,'division','division:bhopal',0,'',0);
INSERT INTO "territory_units" VALUES(9,'police_station','tehsil:3563',1,'no police_station known for the place: by its tehsil (the police stations and their limits are not in the directory yet)',1);
INSERT INTO "territory_units" VALUES(9,'state','state:23',0,'',0);
INSERT INTO "territory_units" VALUES(9,'subdivision','tehsil:3563',1,'no subdivision known for the place: by its tehsil (the subdivisions and their tehsils are not in the directory yet)',1);
INSERT INTO "territory_units" VALUES(9,'tehsil','tehsil:3563',0,'',0);
CREATE TABLE "time_limits" (
   "id" INTEGER PRIMARY KEY,
   "subject" TEXT,
   "level" INTEGER,
   "days" INTEGER,
   "since" TEXT,
   "source" TEXT,
   "note" TEXT,
   "drafted" INTEGER
);
INSERT INTO "time_limits" VALUES(1,'*',NULL,7,NULL,'7 days a level (2014); sources of later years say 7 to 30 and give no list: to be confirmed, type by type','',1);
INSERT INTO "time_limits" VALUES(2,'WCD',1,15,NULL,'freepressjournal.in (2023): women and child development answers within 15 days at level 1','',0);
INSERT INTO "time_limits" VALUES(3,'WCD',4,10,NULL,'freepressjournal.in (2023): and within 10 days at level 4','',0);
CREATE TABLE "types" (
   "type_code" TEXT PRIMARY KEY,
   "department_code" TEXT REFERENCES "departments"("department_code"),
   "name_hi" TEXT,
   "name_en" TEXT,
   "keywords" TEXT,
   "source" TEXT,
   "note" TEXT,
   "drafted" INTEGER
);
INSERT INTO "types" VALUES('ENERGY-01','ENERGY','बिजली आपूर्ति बंद या अनियमित','Power supply interrupted or irregular','bijli;light;batti gul;power cut;लाइट;बत्ती','','',1);
INSERT INTO "types" VALUES('REVENUE-01','REVENUE','नामांतरण','Mutation (namantaran)','zameen;land;patwari;jameen naam;virasat','https://www.bhaskarhindi.com/state/news/solution-of-cm-helpline-complaints-will-be-resolved-online-28321; https://shreenews.in/?p=87879','',0);
INSERT INTO "types" VALUES('WCD-01','WCD','प्रधानमंत्री मातृ वंदना योजना का भुगतान','PM Matru Vandana Yojana payment','','https://www.newspuran.com/two-and-a-quarter-lakh-complaints-pending-in-cm-helpline','',0);
COMMIT;
