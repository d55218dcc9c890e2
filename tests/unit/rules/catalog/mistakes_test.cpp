// Mistakes that people make, one change to a good folder each, and the whole of what is said about it: no more, no
// less.

#include <doctest/doctest.h>

#include <array>

#include "tests/unit/rules/catalog/good_files.hpp"

using namespace fairlead::rules::catalog;

namespace {

struct Mistake {
  std::string_view file, from, to, says;
};

constexpr std::string_view kCategory = "conduct/gambling.yaml";
constexpr std::string_view kPolicyName = "policy.yaml";

constexpr auto kMistakes = std::to_array<Mistake>({
    // ---- YAML itself
    {kCategory, "lists:", "lsits:", "9:1: error: unknown key 'lsits'; write 'lists'"},
    {kCategory, "lists:", "colour:",
     "9:1: error: unknown key 'colour' in a category; known are 'category', 'title', 'risk', 'severity', 'says', "
     "'help', 'record', 'review', 'quiet', 'opaque', 'statutory', 'lists', 'block', 'allow' or 'tests'"},
    {kCategory, "title: Gambling", "title: &t Gambling",
     "2:8: error: anchors (&name) are not read here; write the value out where it is needed"},
    {kCategory, "title: Gambling", "title: *t",
     "2:8: error: aliases (*name) are not read here; write the value out, or put the text in quotes"},
    {kCategory, "title: Gambling", "title: !!str Gambling",
     "2:8: error: tags (!name) are not read here; delete 'tag:yaml.org,2002:str'"},
    {kCategory, "title: Gambling", "title: Gambling\ntitle: Betting",
     "3:1: error: the key 'title' is here a second time (first in line 2); join the two"},
    {kCategory, "says: Gambling", "says: Note: gambling",
     "5:11: error: a ':' stands where none can; put the text in quotes, or mend the indentation"},
    {kCategory, "[\"https://www.gamcare.org.uk/\"]", "\"https://www.gamcare.org.uk/",
     "29:43: error: a quote is opened and never closed; look behind line 29"},
    {kCategory, "help: [gamcare, safeguarding-lead]", "help: [gamcare, safeguarding-lead",
     "7:7: error: a ']' is missing, or a ',' between two entries"},
    {kCategory, "  hosts:\n    - bet365.com", "  hosts:\n\t- bet365.com",
     "12:2: error: there is a tab in the indentation; use spaces"},
    {kCategory,
     "tests:", "---\ntests:", "27:1: error: a second document begins here; keep one document a file and delete '---'"},
    {kCategory, "title: Gambling", "? [a]\n: b\ntitle: Gambling",
     "2:3: error: a key must be a plain word, such as 'hosts:'"},
    {kCategory, "'(^|\\.)[a-z0-9-]*casino[a-z0-9-]*\\.'", "\"(^|\\.)\"",
     "19:18: error: no such escape in \"double quotes\"; use 'single quotes' for patterns"},
    // ---- types
    {kCategory, "title: Gambling", "title: [Gambling]", "2:8: error: 'title' must be text, but is a list"},
    {kCategory, "title: Gambling", "title: {en: Gambling}", "2:8: error: 'title' must be text, but is a map of keys"},
    {kCategory, "title: Gambling", "title:", "2:1: error: 'title' is empty; write its text"},
    {kCategory, "title: Gambling", "title: ' '", "2:8: error: 'title' is empty; write its text"},
    {kCategory, "title: Gambling", "title: \"Gamb\\u0000ling\"",
     "2:8: error: 'title' holds a line break or control byte; write it in one line, or fold it with '>'"},
    {kCategory, "title: Gambling\n", "", "1:1: error: a category needs the key 'title'; add it"},
    {kCategory, "help: [gamcare, safeguarding-lead]", "help: gamcare",
     "6:7: error: 'help' must be a list, but is text; write 'help': [gamcare]"},
    {kCategory,
     "allow:\n  hosts: [casinotheatre.example, nhs.uk]\n  searches: [{id: help, re2: '\\bgambling help\\b'}]",
     "allow: [nhs.uk]",
     "24:8: error: 'allow' must be a map of keys, but is a list; keys are 'hosts', 'paths', 'patterns' or 'searches'"},
    {kCategory, "record: path", "quiet: yes",
     "7:8: error: 'quiet' must be true or false, but is 'yes'; write true or false"},
    {kCategory, "record: path", "quiet: [true]",
     "7:8: error: 'quiet' must be true or false, but is a list; write true or false"},
    // ---- a category's own rules
    {kCategory, "category: gambling", "category: Gambling",
     "1:11: error: 'Gambling' cannot be an id; write lower-case letters, digits and single hyphens, such as "
     "'free-bets'"},
    {kCategory, "risk: conduct", "risk: contact",
     "3:7: error: risk 'contact' stands in the folder 'conduct'; write 'conduct', or move the file to 'contact/'"},
    {kCategory,
     "severity: medium\nsays: Gambling sites are not available on this laptop.\nhelp: [gamcare, safeguarding-lead]",
     "severity: high\nsays: x",
     "1:1: error: a category of severity high must show where help is; add 'help' with ids from signposts.yaml"},
    {kCategory,
     "severity: medium\nsays: Gambling sites are not available on this laptop.\nhelp: [gamcare, safeguarding-lead]",
     "severity: critical\nsays: x\nhelp: []",
     "1:1: error: a category of severity critical must show where help is; add 'help' with ids from signposts.yaml"},
    {kCategory, "help: [gamcare,", "help: [gamecare,",
     "6:8: error: 'gamecare' is not in signposts.yaml; write 'gamcare'"},
    {kCategory, "help: [gamcare,", "help: [gamcare, gamcare,",
     "6:17: error: 'gamcare' stands twice in 'help'; delete one"},
    {kCategory, "record: path", "record: everything",
     "7:9: error: 'record' cannot be 'everything'; write 'none', 'host', 'path' or 'words'"},
    {kCategory, "in: host", "in: domain",
     "20:11: error: 'in' cannot be 'domain'; write 'host', 'path', 'query' or 'url'"},
    {kCategory, "      in: host\n", "", "18:7: error: a pattern needs the key 'in'; add it"},
    {kCategory, "      because: Casino brands change their numbers weekly.\n", "",
     "18:7: warning: the pattern 'casino-label' does not say why it is there; add 'because'"},
    {kCategory, "{id: free-bets,", "{id: x, re2: a}\n    - {id: x,",
     "24:12: error: the id 'x' is taken (line 23); give this rule its own"},
    {kCategory, "[0123456789abcdef", "[0123456789abcdeg",
     "15:18: error: '0123456789abcdeg0123456789abcdef0123456789ABCDEF0123456789AB...' is not a SHA-256; write 64 "
     "hexadecimal digits: printf 'fairlead:%s' HOST | sha256sum"},
    {"content/listed.yaml", "quiet: false", "block: {hosts: [shop.example, real.test]}",
     "9:31: error: an opaque category names no real place 'real.test'; keep to names under '.example' here and feed "
     "the "
     "real ones from 'hashed_hosts' or a list"},
    {"content/listed.yaml", "must_block: []", "must_block: [real.test, \"https://www.google.com/search?q=real\"]",
     "10:22: error: an opaque category names no real place 'real.test'; keep to names under '.example' here and feed "
     "the "
     "real ones from 'hashed_hosts' or a list"},
    // ---- hosts
    {kCategory, "bet365.com\n", "https://bet365.com/sports\n",
     "12:7: error: a host has no 'https://'; write 'bet365.com'"},
    {kCategory, "bet365.com\n", "'*.bet365.com'\n",
     "12:7: error: a host stands for everything below it already; write 'bet365.com' without '*.'"},
    {kCategory, "bet365.com\n", ".bet365.com\n",
     "12:7: error: a host stands for everything below it already; write 'bet365.com'"},
    {kCategory, "bet365.com\n", "bet*.com\n",
     "12:7: error: 'bet*.com' holds a '*', which hosts do not know; write the parent host, or a pattern with 'in: "
     "host'"},
    {kCategory, "bet365.com\n", "bet365.com/\n", "12:7: error: a host has no '/'; write 'bet365.com'"},
    {kCategory, "bet365.com\n", "bet365.com/sports\n",
     "12:7: error: 'bet365.com/sports' holds a path; write it under 'paths'"},
    {kCategory, "bet365.com\n", "bet365.com:8443\n", "12:7: error: a host has no port; write 'bet365.com'"},
    {kCategory, "bet365.com\n", "bet365.com, bet366.com\n",
     "12:7: error: 'bet365.com, bet366.com' holds a space or comma; write one host an entry"},
    {kCategory, "bet365.com\n", "someone@bet365.com\n",
     "12:7: error: 'someone@bet365.com' holds an '@'; write the host alone, the part behind it"},
    {kCategory, "bet365.com\n", "2001:db8::1\n", "12:7: error: an IPv6 address needs brackets; write '[2001:db8::1]'"},
    {kCategory, "bet365.com\n", "com\n",
     "12:7: error: 'com' is a single label and would stand for far too much; write a whole name, such as "
     "'example.org'"},
    {kCategory, "bet365.com\n", "CO.uk.\n",
     "12:7: error: 'CO.uk.' stands for every name registered below it; write the names that are meant"},
    {kCategory, "bet365.com\n", "gov.uk\n",
     "12:7: error: 'gov.uk' stands for every name registered below it; write the names that are meant"},
    {kCategory, "bet365.com\n", "[bet365.com]\n", "12:7: error: 'a host' must be text, but is a list"},
    // ---- paths
    {kCategory, "example.org/casino/", "https://example.org/casino",
     "16:11: error: a path rule has no 'https://'; write 'example.org/casino'"},
    {kCategory, "example.org/casino/", "/casino",
     "16:11: error: '/casino' has no host; write 'example.org/casino', or a pattern with 'in: path'"},
    {kCategory, "example.org/casino/", "example.org/",
     "16:11: error: 'example.org/' has no path; write 'example.org' under 'hosts'"},
    {kCategory, "example.org/casino/", "'example.org/a?b=c'",
     "16:11: error: 'example.org/a?b=c' holds a '?' or '#'; write host and path alone, or a pattern with 'in: query'"},
    {kCategory, "example.org/casino/", "co.uk/casino",
     "16:11: error: 'co.uk' stands for every name registered below it; write the names that are meant"},
    // ---- tests
    {kCategory, "royal-casino7.example", "royal-casino7.example/x",
     "28:43: error: 'royal-casino7.example/x' is neither a URL nor a bare host; write "
     "'https://royal-casino7.example/x'"},
    {kCategory, "must_block", "must_blok", "28:3: error: unknown key 'must_blok'; write 'must_block'"},
    // ---- policy.yaml
    {kPolicyName, "time_zone: Europe/London", "time_zone: Europe/Londn",
     "4:12: error: there is no time zone 'Europe/Londn'; write a name such as 'Europe/London'"},
    {kPolicyName, "review_date: 2027-05-31", "review_date: 31 May 2027",
     "3:14: error: '31 May 2027' is no date; write year-month-day, such as '2027-05-31'"},
    {kPolicyName, "review_date: 2027-05-31", "review_date: 2027-02-29",
     "3:14: error: '2027-02-29' is no date; write year-month-day, such as '2027-05-31'"},
    {kPolicyName, "categories: [gambling]", "categories: [gamblng]",
     "10:72: error: there is no category 'gamblng'; write 'gambling'"},
    {kPolicyName, "\"https://example.org/\"", "www.example.org",
     "10:35: error: 'www.example.org' is not a web address; write one that begins with 'https://', or leave it empty "
     "(\"\")"},
    {kPolicyName, "- mon-fri 10:30-10:45", "- mon-fri 10:30",
     "13:7: error: '10:30' is no span of time; write two times of the day, such as '09:30-17:00'"},
    {kPolicyName, "allow_during: rest-periods", "allow_during: rest-period",
     "22:32: error: there is no schedule 'rest-period'; write 'rest-periods'"},
    {kPolicyName, "gambling: {allow_during: rest-periods, otherwise: block}", "gambling: rest-periods",
     "22:17: error: 'rest-periods' is no action; write '{allow_during: rest-periods, otherwise: block}'"},
    {kPolicyName, "gambling: observe", "gambling: blok",
     "24:45: error: 'blok' is no action; write 'block', 'observe', 'allow' or '{allow_during: SCHEDULE, otherwise: "
     "block}'"},
    {kPolicyName, "rest-periods, otherwise: block", "rest-periods",
     "22:17: error: the action for 'gambling' needs the key 'otherwise'; add it"},
    {kPolicyName, "listed: block", "listed: observe",
     "24:62: error: 'listed' is statutory and cannot be excepted or observed; write 'block', or delete this line"},
    {kPolicyName, "listed: block", "listed: {allow_during: rest-periods, otherwise: block}",
     "24:62: error: 'listed' is statutory and cannot be excepted or observed; write 'block', or delete this line"},
    {kPolicyName, "gambling: observe", "gambling: observe, games: block",
     "24:54: error: there is no category 'games'; known are 'gambling' or 'listed'"},
    {kPolicyName, ", default: observe", "", "24:10: error: the group 'staff' needs the key 'default'; add it"},
    {kPolicyName, "like: staff", "like: contractors",
     "25:43: error: there is no group 'contractors'; known are 'learners' or 'staff'"},
    {kPolicyName, "users: [], os_groups: [contractors]", "users: [sam]",
     "25:3: warning: the user 'sam' is in 'learners' already, which counts; delete one"},
    {kPolicyName, "unknown_person: learners", "unknown_person: learner",
     "26:17: error: there is no group 'learner'; write 'learners'"},
    {kPolicyName, "unknown_person: learners\n", "", "1:1: error: policy.yaml needs the key 'unknown_person'; add it"},
    {kPolicyName, "groups: [staff]", "groups: [everybody]",
     "29:14: error: there is no group 'everybody'; known are 'learners', 'staff' or 'contractors'"},
    {kPolicyName, "groups: [staff]", "groups: []",
     "29:13: error: an exception for no group does nothing; name a group, or delete the exception"},
    {kPolicyName, "    owner: Operations Director\n", "", "28:5: error: an exception needs the key 'owner'; add it"},
    {kPolicyName, "    reason: Professional networking.\n", "",
     "28:5: error: an exception needs the key 'reason'; add it"},
    {kPolicyName, "reason: Professional networking.", "reason: ''", "32:13: error: 'reason' is empty; write its text"},
    {kPolicyName, "    expires: 2027-03-31\n", "", "28:5: error: an exception needs the key 'expires'; add it"},
    {kPolicyName, "expires: 2027-03-31", "expires: never",
     "33:14: error: 'never' is no end; write a day such as '2027-03-31', or a moment such as '2027-03-31T17:00:00Z'"},
    {kPolicyName, "\"Proxy.Office.example:8080\"", "\"http://Proxy.Office.example:8080\"",
     "34:258: error: 'http://Proxy.Office.example:8080' has a scheme; write 'Proxy.Office.example:8080' with its port "
     "and "
     "nothing behind it"},
    {kPolicyName, "\"Proxy.Office.example:8080\"", "Proxy.Office.example",
     "34:258: error: 'Proxy.Office.example' is no proxy's address; write its name and port, such as "
     "'proxy.college.example:8080'"},
    {kPolicyName, "\"Proxy.Office.example:8080\"", "\"Proxy.Office.example:80/x\"",
     "34:258: error: 'Proxy.Office.example:80/x' is no proxy's address; write its name and port, such as "
     "'proxy.college.example:8080'"},
    {kPolicyName, "address: \"Proxy.Office.example:8080\", ", "",
     "34:248: error: 'upstream_proxy' needs the key 'address'; add it"},
    {kPolicyName, "credentials_file: proxy-login", "credential_file: proxy-login",
     "34:287: error: unknown key 'credential_file'; write 'credentials_file'"},
    {kPolicyName, "https://www.linkedin.com/company/", "com",
     "28:10: error: 'com' is a single label and would stand for far too much; write a whole name, such as "
     "'example.org'"},
    {kPolicyName, "[443, 22]", "[443]", "34:54: error: port 22 is not among 'connect_ports'; write it there too"},
    {kPolicyName, "[443, 22]", "[443, 22, 65536]",
     "34:36: error: 'connect_ports' cannot be '65536'; write a whole number from 1 to 65535"},
    {kPolicyName, "local_targets: allow", "local_targets: yes",
     "34:79: error: 'local_targets' cannot be 'yes'; write 'refuse' or 'allow'"},
    {kPolicyName, "203.0.113.0/24", "203.0.113.0/33",
     "34:175: error: '203.0.113.0/33' is no IP address; write one such as '203.0.113.7' or '203.0.113.0/24'"},
    {"protected.yaml", "[apple.com]", "[co.uk]",
     "3:12: error: 'co.uk' stands for every name registered below it; write the names that are meant"},
    {kPolicyName, "low: 7d", "low: 7", "35:27: error: 'low' cannot be '7'; write a number of days, such as '30d'"},
    {kPolicyName, "low: 7d", "low: d", "35:27: error: 'low' cannot be 'd'; write a number of days, such as '30d'"},
    {kPolicyName, "low: 7d", "low: 0d", "35:27: error: 'low' cannot be '0'; write a whole number from 1 to 3650"},
    // ---- the small files
    {"protected.yaml", "gov.uk", "org.uk",
     "2:14: error: 'org.uk' stands for every name registered below it; write the names that are meant"},
    {"protected.yaml", ", because: Government and health.", "",
     "2:5: error: an entry of 'protected' needs the key 'because'; add it"},
    {"signposts.yaml", "https://www.gamcare.org.uk/", "javascript:alert(1)",
     "2:79: error: 'javascript:alert(1)' is not a web address; write one that begins with 'https://', or leave it "
     "empty (\"\")"},
    {"signposts.yaml", "for: learner", "for: pupils",
     "2:45: error: 'for' cannot be 'pupils'; write 'all', 'learner' or 'staff'"},
    {"search_engines.yaml", "google.{}", "{}.google.com",
     "2:40: error: '{}.google.com' has its '{}' in a wrong place; write it once and at the end, such as 'google.{}'"},
    {"search_engines.yaml", "/search", "search", "2:62: error: 'search' is no path; write '/search'"},
    {"search_engines.yaml", ", params: [q]", "", "2:5: error: a search engine needs the key 'params'; add it"},
    // ---- safe search
    {kPolicyName, "{engines: false, youtube: off}", "off",
     "24:101: error: 'safe_search' of the group 'staff' must be a map of keys, but is text; keys are 'engines' or "
     "'youtube'"},
    {kPolicyName, "engines: false", "engines: off",
     "24:111: error: 'engines' must be true or false, but is 'off'; write true or false"},
    {kPolicyName, "youtube: off", "youtube: false",
     "24:127: error: 'youtube' cannot be 'false'; write 'off', 'moderate' or 'strict'"},
    {kPolicyName, "youtube: off", "youtub: off", "24:118: error: unknown key 'youtub'; write 'youtube'"},
    {"safe_search.yaml", "to: safe.google.com", "too: safe.google.com",
     "2:5: error: an engine needs the key 'to'; add it\nsafe_search.yaml:2:52: error: unknown key 'too'; write 'to'"},
    {"safe_search.yaml", "to: safe.google.com", "to: 216.239.38.120",
     "2:56: error: '216.239.38.120' is an address, which its owner may move any day; write the name, which is looked "
     "up"},
    {"safe_search.yaml", "to: safe.google.com", "to: www.youtube.com",
     "2:56: error: 'www.youtube.com' is a host of 'youtube' itself; write the host that keeps to the safe mode"},
    {"safe_search.yaml", "to: safe.google.com", "to: {moderate: a.google.com, strict: b.google.com}",
     "2:56: error: only 'youtube' has levels; write one host, such as 'to: safe.example.org'"},
    {"safe_search.yaml", "moderate: some.youtube.com, ", "", "3:49: error: 'to' needs the key 'moderate'; add it"},
    {"safe_search.yaml", "id: youtube", "id: google",
     "3:10: error: the engine 'google' is here already; join the two\nsafe_search.yaml:3:48: error: only 'youtube' "
     "has levels; write one host, such as 'to: safe.example.org'"},
    {"safe_search.yaml", "www.youtube.com", "www.google.com",
     "3:27: error: 'www.google.com' is under 'google' already, with and without 'www.'; delete one"},
    {"safe_search.yaml", "google.{}", "{}.google.com",
     "2:38: error: '{}.google.com' has its '{}' in a wrong place; write it once and at the end, such as 'google.{}'"},
    {"safe_search.yaml", "safe=active", "safe",
     "2:84: error: 'safe' is no parameter; write its name and value, such as 'safe=active'"},
    {"safe_search.yaml", "safe=active", "safe=active&x=1",
     "2:84: error: 'safe=active&x=1' is no parameter; write its name and value, such as 'safe=active'"},
    {"carriers.yaml", "[/page]", "[page]", "2:60: error: 'page' is no path; write '/page'"},
    {"carriers.yaml", ", params: [u], behind: [/amp/, /]", "",
     "2:5: error: a carrier needs 'params' or 'behind': the parameters, or the paths behind which an address stands; "
     "add one"},
    {"carriers.yaml", "params: [ref]", "paths: [/x]",
     "4:5: error: an entry of 'mentions' without 'hosts' needs 'params': on every site a whole page would go unread; "
     "add them"},
    {"carriers.yaml", "params: [u]", "param: [u]", "2:68: error: unknown key 'param'; write 'params'"},
    // ---- policy.yaml, alerts
    {kPolicyName, "from: fairlead@example.org", "from: \"a@example.org\\nBcc: b@example.org\"",
     "40:55: error: 'from' holds a line break or control byte; write it in one line, or fold it with '>'"},
    {kPolicyName, "from: fairlead@example.org", "from: Fairlead <fairlead@example.org>",
     "40:55: error: 'Fairlead <fairlead@example.org>' is no mail address; write one alone, such as "
     "'safeguarding@example.org'"},
    {kPolicyName, "to: [lead@Example.org]", "to: []",
     "40:81: error: mail to nobody reaches nobody; name an address under 'to', or delete the channel"},
    {kPolicyName, "to: [lead@Example.org]", "to: [lead@Example.org, lead@example.org]",
     "40:100: error: 'lead@example.org' stands twice in 'to'; delete one"},
    {kPolicyName, ", password_file: mail-password", "",
     "40:13: error: 'user' and 'password_file' go together; write both, or neither"},
    {kPolicyName, "smtp://Mail.Example.org", "mail.example.org",
     "40:22: error: 'mail.example.org' is no mail server; write 'smtp://mail.example.org:587' (STARTTLS) or "
     "'smtps://mail.example.org:465', and the account under 'user'"},
    {kPolicyName, "smtp://Mail.Example.org", "smtp://me:word@mail.example.org",
     "40:22: error: 'smtp://me:word@mail.example.org' is no mail server; write 'smtp://mail.example.org:587' "
     "(STARTTLS) or 'smtps://mail.example.org:465', and the account under 'user'"},
    {kPolicyName, "from: fairlead@example.org", "starttls: off, from: fairlead@example.org",
     "40:59: error: mail that tells of people goes out encrypted; delete 'starttls: off', which is for a server on "
     "this machine itself"},
    {kPolicyName, "https://Alerts", "http://Alerts",
     "41:22: error: 'http://Alerts.example.org/fairlead' can be read on its way; write 'https://'"},
    {kPolicyName, "secret_file: webhook-secret, ", "", "41:16: error: a webhook needs the key 'secret_file'; add it"},
    {kPolicyName, "- webhook:", "- webhok:", "41:7: error: unknown key 'webhok'; write 'webhook'"},
    {kPolicyName, "medium: daily", "medium: hourly",
     "42:30: error: 'medium' cannot be 'hourly'; write 'none', 'weekly', 'daily' or 'at_once'"},
    {kPolicyName, "gambling: weekly", "gamblng: weekly", "42:62: error: unknown key 'gamblng'; write 'gambling'"},
    {kPolicyName, "\"07:30\"", "25:00", "43:19: error: '25:00' is no time of the day; write one such as '08:00'"},
    {kPolicyName, "fri 16:00", "friday",
     "43:36: error: 'friday' is no time of the week; write one such as 'mon 08:00'"},
    {kPolicyName, "schedule: rest-periods", "schedule: rest-period",
     "44:27: error: there is no schedule 'rest-period'; write 'rest-periods'"},
    {kPolicyName, "- mon-fri 17:00-09:00", "- mon-sun 00:00-24:00",
     "44:27: error: 'rest-periods' is open the whole week, so that quiet hours would never end; leave time in which "
     "alerts may go out, or write 'none' under 'rules'"},
    {kPolicyName, "https://Alerts", "https://me:word@Alerts",
     "41:22: error: 'https://me:word@Alerts.example.org/fairlead' is no address to send to; write one such as "
     "'https://alerts.example.org/fairlead'"},
    {kPolicyName, "override: high", "override: none",
     "44:51: error: 'override' cannot be 'none'; write 'low', 'medium', 'high', 'critical' or 'nothing'"},
    {kPolicyName, "again_after: 24h", "again_after: 1d",
     "45:16: error: 'again_after' cannot be '1d'; write a number of hours, such as '12h'"},
    {kPolicyName, "within: 15m", "within: 0m",
     "46:27: error: 'within' cannot be '0'; write a whole number from 1 to 1440"},
    {kPolicyName, "most: 5", "most: 0", "46:16: error: 'most' cannot be '0'; write a whole number from 1 to 1000"},
    {kPolicyName, "https://desk", "http://desk",
     "47:12: error: 'http://desk.example.org/' can be read on its way; write 'https://'"},
    {kPolicyName, "device: false", "persons: true", "48:14: error: unknown key 'persons'; write 'person'"},
    // ---- lists.yaml
    {kCategory, "lists: [ut1-gambling]", "lists: [ut1-gamblin]",
     "9:9: error: 'ut1-gamblin' is not in lists.yaml; write 'ut1-gambling'"},
    {"lists.yaml", "refresh:", "refersh:", "8:5: error: unknown key 'refersh'; write 'refresh'"},
    {"lists.yaml", "format: ut1", "format: squidguard",
     "5:13: error: 'format' cannot be 'squidguard'; write 'hosts', 'domains', 'wildcards', 'dnsmasq', 'unbound', "
     "'ut1', "
     "'adblock', 'regex' or 'hashed'"},
    {"lists.yaml", "    licence: CC BY-SA 4.0\n", "",
     "3:5: error: the list 'ut1-gambling' needs the key 'licence'; add it"},
    {"lists.yaml", "https://lists", "http://lists",
     "4:11: error: 'http://lists.example/gambling.tar.gz' can be changed on its way; write 'https://', or add "
     "'public_key' or 'sha256'"},
    {"lists.yaml", "https://lists", "file:///lists",
     "4:11: error: 'file:///lists.example/gambling.tar.gz' is no place for a list; write an address that begins with "
     "'https://', or a path without '://'"},
    {"lists.yaml", "https://lists.example", "https://lists..example",
     "4:11: error: 'https://lists..example/gambling.tar.gz' cannot be fetched: host: an empty label (two dots in a "
     "row)"},
    {"lists.yaml", "https://lists.example/gambling.tar.gz", "http://lists.example/g\n    public_key: ''",
     "4:11: error: 'http://lists.example/g' can be changed on its way; write 'https://', or add 'public_key' or "
     "'sha256'"},
    {"lists.yaml", "refresh: 7d", "refresh: weekly",
     "8:14: error: 'refresh' cannot be 'weekly'; write a number of hours or days, such as '24h' or '7d'"},
    {"lists.yaml", "refresh: 7d", "refresh: 0h",
     "8:14: error: 'refresh' cannot be '0'; write a whole number from 1 to 8760"},
    {"lists.yaml", "most_megabytes: 16", "most_megabytes: 4096",
     "9:21: error: 'most_megabytes' cannot be '4096'; write a whole number from 1 to 1024"},
    {"lists.yaml", "licence: ours", "licence: ours, sha256: abc",
     "10:84: error: 'abc' is not a SHA-256; write the 64 hexadecimal digits that 'sha256sum FILE' shows"},
    {"lists.yaml", "licence: ours", "licence: ours, public_key: RWabc",
     "10:88: error: 'RWabc' is not a minisign public key; write the 56 characters of its second line, which begin with "
     "'RW'"},
    {"lists.yaml", "  own: {", "  Own: {",
     "10:3: error: 'Own' cannot be an id; write lower-case letters, digits and single hyphens, such as 'free-bets'"},
    {"lists.yaml", "  own: {", "  ut1-gambling: {",
     "10:3: error: the key 'ut1-gambling' is here a second time (first in line 2); join the two"},
});

}  // namespace

TEST_CASE("load_texts: each mistake is said by file, line and column, with the mend, and nothing else is") {
  REQUIRE(good::said(good::files()) == "");
  for (const Mistake& mistake : kMistakes) {
    CAPTURE(mistake.to);
    CHECK(good::said(good::with(mistake.file, mistake.from, mistake.to)) ==
          std::string(mistake.file) + ":" + std::string(mistake.says) + "\n");
  }
}
