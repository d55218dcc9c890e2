// The rules in force when no folder loads: for each category of high severity the best known sites, a few patterns and
// search words, as YAML through the same loader as every other file. Small on purpose; never a door left open.

#include <string>
#include <utility>
#include <vector>

#include "rules/policy/impl.hpp"

namespace fairlead::rules::policy {
namespace {

using BuiltinTexts = std::vector<std::pair<std::string, std::string>>;

BuiltinTexts builtin_texts() {
  BuiltinTexts texts = {
      {"content/pornography.yaml", R"yaml(category: pornography
title: Pornography
risk: content
severity: high
says: "This site shows sexual images or video."
help: [safeguarding-lead]
block:
  hosts: [pornhub.com, xvideos.com, xnxx.com, xhamster.com, redtube.com, youporn.com, chaturbate.com, stripchat.com, spankbang.com, brazzers.com]
  patterns:
    - {id: porn-word, re2: '(^|[.-])[a-z0-9-]*(porn|xvideo|xhamster|hentai)[a-z0-9-]*\.', in: host, because: Kind of site}
    - {id: adult-label, re2: '(^|[.-])(xxx|milfs?|sexcams?|sex-cams?|camgirls?)([.-]|[0-9]+[.-]|$)', in: host, because: Kind of site}
  searches:
    - {id: porn-search, re2: '\b(porn|hentai|sex videos?)\b'}
tests:
  must_block: ["https://best-free-porn7.example/"]
  must_allow: ["https://www.essex.gov.uk/"]
)yaml"},
      {"content/extremism.yaml", R"yaml(category: extremism
title: Extremism
risk: content
severity: critical
says: "This site promotes extremist views."
help: [safeguarding-lead]
block:
  patterns:
    - {id: call-to-arms, re2: '(^|[.-])(join-the-(brotherhood|caliphate|jihad)|white-revolution|race-?war)([.-]|$)', in: host, because: Kind of site}
  searches:
    - {id: join-them, re2: '\b(how to )?join (isis|isil|daesh|al qaeda|national action|atomwaffen)\b'}
tests:
  must_block: ["https://join-the-caliphate.example/"]
  must_allow: ["https://www.bbc.co.uk/news/topics/terrorism"]
)yaml"},
      {"content/hate.yaml", R"yaml(category: hate
title: Hate
risk: content
severity: high
says: "This site attacks people for who they are."
help: [safeguarding-lead]
block:
  hosts: [stormfront.org, dailystormer.in]
  patterns:
    - {id: hate-label, re2: '(^|[.-])(white-?power|white-?pride|gas-the-[a-z]+|kill-all-[a-z]+)([.-]|$)', in: host, because: Kind of site}
tests:
  must_block: ["https://white-power.example/"]
  must_allow: ["https://hopenothate.org.uk/"]
)yaml"},
      {"content/violence-and-gore.yaml", R"yaml(category: violence-and-gore
title: Violence and gore
risk: content
severity: high
says: "This site shows real violence or injury."
help: [safeguarding-lead]
block:
  hosts: [documentingreality.com, kaotic.com, crazyshit.com, theync.com]
  patterns:
    - {id: gore-label, re2: '(^|[.-])(gore-?(clips?|videos?|tube)|real-?(death|gore)|beheadings?)([.-]|$)', in: host, because: Kind of site}
  searches:
    - {id: gore-search, re2: '\b(gore|beheading|execution) videos?\b'}
tests:
  must_block: ["https://gore-clips.example/"]
  must_allow: ["https://www.gorebridge-plumbing.example/"]
)yaml"},
      {"content/weapons.yaml", R"yaml(category: weapons
title: Weapons
risk: content
severity: high
says: "This site sells weapons or shows how to make them."
help: [safeguarding-lead]
block:
  hosts: [gunbroker.com, budsgunshop.com]
  patterns:
    - {id: weapon-shop, re2: '(^|[.-])(zombie-?kni(fe|ves)|buy-?(guns?|ghost-?guns?)|ghost-?guns?)([.-]|$)', in: host, because: Kind of site}
  searches:
    - {id: make-a-gun, re2: '\b(buy|make|print) (a )?(ghost gun|gun illegally|zombie knife)\b'}
tests:
  must_block: ["https://zombie-knives.example/"]
  must_allow: ["https://www.glue-guns.example/"]
)yaml"},
      {"content/self-harm-and-suicide.yaml", R"yaml(category: self-harm-and-suicide
title: Self-harm and suicide
risk: content
severity: critical
says: "You don't have to deal with this alone. This page may encourage harm."
help: [safeguarding-lead]
block:
  patterns:
    - {id: methods, re2: '(^|[.-])(suicide-?methods?|methods-forum|pro-?suicide|sanctioned-suicide)([.-]|$)', in: host, because: Kind of site}
  searches:
    - {id: harm-search, re2: '\b(how to (kill|hang|cut) (myself|yourself)|painless (suicide|way to die)|suicide methods?)\b'}
tests:
  must_block: ["https://methods-forum.example/"]
  must_allow: ["https://www.samaritans.org/"]
)yaml"},
      {"content/eating-disorders.yaml", R"yaml(category: eating-disorders
title: Pro-eating-disorder
risk: content
severity: high
says: "This page encourages harmful eating."
help: [safeguarding-lead]
block:
  patterns:
    - {id: pro-ana, re2: '(^|[.-])[a-z0-9-]*(thinspo|pro-?ana|pro-?mia|bonespo)([.-][a-z0-9-]*)?\.', in: host, because: Kind of site}
  searches:
    - {id: pro-ana-search, re2: '\b(thinspo|thinspiration|pro ana|pro mia|bonespo)\b'}
tests:
  must_block: ["https://thinspo-board.example/"]
  must_allow: ["https://www.analytics-course.example/"]
)yaml"},
      {"content/drugs-alcohol-tobacco.yaml", R"yaml(category: drugs-alcohol-tobacco
title: Drugs
risk: content
severity: high
says: "This site promotes or sells drugs."
help: [safeguarding-lead]
block:
  hosts: [leafly.com, weedmaps.com, shroomery.org]
  patterns:
    - {id: buy-drugs, re2: '(^|[.-])buy-?(mdma|cocaine|ketamine|xanax|lsd|weed|cannabis|spice)[a-z0-9-]*\.', in: host, because: Kind of site}
  searches:
    - {id: buy-drugs-search, re2: '\bbuy (mdma|cocaine|ketamine|xanax|lsd|weed|spice)\b'}
tests:
  must_block: ["https://buy-mdma-online.example/"]
  must_allow: ["https://www.talktofrank.com/"]
)yaml"},
      {"content/malware.yaml", R"yaml(category: malware
title: Malware
risk: content
severity: high
says: "This site can infect the laptop."
help: [safeguarding-lead]
block:
  patterns:
    - {id: fake-driver, re2: '(^|[.-])free-?(driver|codec|flash)-?(updater?|download)([.-]|$)', in: host, because: Kind of site}
tests:
  must_block: ["https://free-driver-updater.example/"]
  must_allow: ["https://www.malwarebytes.com/"]
)yaml"},
      {"contact/grooming-and-strangers.yaml", R"yaml(category: grooming-and-strangers
title: Chat with strangers
risk: contact
severity: critical
says: "This site puts you in contact with strangers."
help: [safeguarding-lead]
block:
  hosts: [ome.tv, omegle.com, chatroulette.com, emeraldchat.com, chatrandom.com, coomeet.com, shagle.com, monkey.app, camsurf.com]
  patterns:
    - {id: random-chat, re2: '(^|[.-])(random-?(video-?)?chat|stranger-?(cam|chat)s?|chat-?with-?strangers)([.-]|$)', in: host, because: Kind of site}
  searches:
    - {id: random-chat-search, re2: '\b(random video chat|chat with strangers|omegle)\b'}
tests:
  must_block: ["https://random-video-chat.example/"]
  must_allow: ["https://www.chatsworth.org/"]
)yaml"},
      {"contact/cyberbullying.yaml", R"yaml(category: cyberbullying
title: Bullying
risk: contact
severity: high
says: "This site is used to bully or expose people."
help: [safeguarding-lead]
block:
  hosts: [kiwifarms.st, doxbin.org, ngl.link, tellonym.me, lolcow.farm]
  patterns:
    - {id: dox, re2: '(^|[.-])(dox-?(bin|them|her|him)|slut-?shame)([.-]|$)', in: host, because: Kind of site}
tests:
  must_block: ["https://doxthem.example/"]
  must_allow: ["https://www.pitbull-rescue.example/"]
)yaml"},
      {"contact/phishing-and-identity-theft.yaml", R"yaml(category: phishing-and-identity-theft
title: Phishing
risk: contact
severity: high
says: "This page pretends to be something it is not, to steal details."
help: [safeguarding-lead]
block:
  patterns:
    - {id: brand-login, re2: '(^|[.-])(hmrc|royalmail|paypa[l1]|cscs|dvla|natwest|barclays|hsbc)-?[a-z0-9-]*(refund|redelivery|login|renewal|verify|secure)[a-z0-9-]*\.', in: host, because: Kind of site}
tests:
  must_block: ["https://paypa1-login.example/"]
  must_allow: ["https://www.royalmail.com/receiving-mail/redelivery"]
)yaml"},
      {"contact/stalkerware.yaml", R"yaml(category: stalkerware
title: Spying tools
risk: contact
severity: high
says: "This product is made to spy on another person."
help: [safeguarding-lead]
block:
  hosts: [mspy.com, flexispy.com, hoverwatch.com, eyezy.com, cocospy.com]
  patterns:
    - {id: spy-label, re2: '(^|[.-])(spy-on-(her|him|partner|phone|wife|husband)[a-z0-9-]*|phone-?spy-?app)([.-]|$)', in: host, because: Kind of site}
  searches:
    - {id: spy-search, re2: '\bspy on (my |your )?(girlfriend|boyfriend|wife|husband|partner)\b'}
tests:
  must_block: ["https://spy-on-partner.example/"]
  must_allow: ["https://www.cctv-installer-course.example/"]
)yaml"},
      {"conduct/hacking.yaml", R"yaml(category: hacking
title: Hacking tools
risk: conduct
severity: high
says: "This site offers tools to break into systems."
help: [safeguarding-lead]
block:
  hosts: [nulled.to, cracked.io, hackforums.net]
  patterns:
    - {id: stresser, re2: '(^|[.-])(ip-?)?(stresser|booter)s?([.-]|$)', in: host, because: Kind of site}
    - {id: steal-password, re2: '(^|[.-])(steal|crack|hack)-any-[a-z0-9-]+\.', in: host, because: Kind of site}
  searches:
    - {id: booter-search, re2: '\b(ip|free) (stresser|booter)\b'}
tests:
  must_block: ["https://ip-stresser.example/"]
  must_allow: ["https://hackney.gov.uk/"]
)yaml"},
      {"conduct/financial-scams.yaml", R"yaml(category: financial-scams
title: Scams
risk: conduct
severity: high
says: "This site is reported as a scam."
help: [safeguarding-lead]
block:
  patterns:
    - {id: double-money, re2: '(^|[.-])(double-your-[a-z0-9-]+|payday-loans?-no-checks?|be-a-money-agent)([.-]|$)', in: host, because: Kind of site}
  searches:
    - {id: money-mule, re2: '\b(double your bitcoin|money mule job)\b'}
tests:
  must_block: ["https://double-your-bitcoin.example/"]
  must_allow: ["https://www.moneyhelper.org.uk/"]
)yaml"},
      {"conduct/crime-and-fraud.yaml", R"yaml(category: crime-and-fraud
title: Crime
risk: conduct
severity: high
says: "This site helps people commit crime or sells fake documents."
help: [safeguarding-lead]
block:
  hosts: [dark.fail]
  patterns:
    - {id: fake-papers, re2: '(^|[.-])(fake-?(id|passport|licen[cs]e)s?(-[a-z0-9-]+)?|buy-(cscs|driving)-[a-z0-9-]+|cvv-?shops?|carding-?forums?)([.-]|$)', in: host, because: Kind of site}
  searches:
    - {id: fake-papers-search, re2: '\bbuy (a )?fake (id|passport|driving licence|cscs card)\b'}
tests:
  must_block: ["https://fake-id-uk.example/"]
  must_allow: ["https://www.fake-brick-slips.example/"]
)yaml"},
      {"conduct/sexting-and-uploads.yaml", R"yaml(category: sexting-and-uploads
title: Image abuse
risk: conduct
severity: critical
says: "Sharing or faking a sexual image of someone is a crime."
help: [safeguarding-lead]
block:
  patterns:
    - {id: undress, re2: '(^|[.-])(undress-?(any|ai|her|app|photo)[a-z0-9-]*|nudify[a-z0-9-]*|deepnudes?|leaked-?(snaps|nudes))([.-]|$)', in: host, because: Kind of site}
  searches:
    - {id: undress-search, re2: '\b(undress (ai|app|her)|nudify|deepnude|leaked nudes)\b'}
tests:
  must_block: ["https://undress-any-photo.example/"]
  must_allow: ["https://www.leak-detection.example/"]
)yaml"},
      {"conduct/terrorism-advice.yaml", R"yaml(category: terrorism-advice
title: Instructions for terrorism
risk: conduct
severity: critical
says: "This page gives instructions for serious violence."
help: [safeguarding-lead]
block:
  patterns:
    - {id: bomb-guide, re2: '(^|[.-])(home-?made-?explosives?|bomb-?making|pipe-?bombs?)(-[a-z0-9-]+)?\.', in: host, because: Kind of site}
  searches:
    - {id: bomb-search, re2: '\b(how to )?(make|build) (a )?(pipe bomb|nail bomb|bomb at home|home ?made explosives?)\b'}
tests:
  must_block: ["https://homemade-explosives-guide.example/"]
  must_allow: ["https://www.fertiliser-storage.example/"]
)yaml"},
      {"protected.yaml", R"yaml(protected:
  - hosts: [gov.uk, nhs.uk, police.uk, samaritans.org, childline.org.uk, giveusashout.org, papyrus-uk.org, talktofrank.com]
    because: Help and public services are always open.
)yaml"},
      {"search_engines.yaml", R"yaml(engines:
  - {name: Google, hosts: [google.com, "google.{}"], paths: [/search], params: [q]}
  - {name: Bing, hosts: [bing.com], paths: [/search, /images/search, /videos/search], params: [q]}
  - {name: DuckDuckGo, hosts: [duckduckgo.com], paths: [/], params: [q]}
  - {name: Yahoo, hosts: [search.yahoo.com, uk.search.yahoo.com], paths: [/search], params: [p]}
)yaml"},
      {"safe_search.yaml", R"yaml(engines:
  - {id: google, hosts: [google.com, "google.{}"], to: forcesafesearch.google.com}
  - {id: youtube, hosts: [youtube.com, m.youtube.com, youtubei.googleapis.com], to: {strict: restrict.youtube.com, moderate: restrictmoderate.youtube.com}}
  - {id: bing, hosts: [bing.com], to: strict.bing.com}
  - {id: duckduckgo, hosts: [duckduckgo.com], to: safe.duckduckgo.com}
)yaml"},
  };
  // One group, for everybody: every category is blocked.
  std::string policy =
      "organisation: built-in minimum\nversion: built-in\ngroups:\n  everyone:\n    title: Everyone\n    actions:\n";
  for (const auto& [file, text] : texts) {
    const std::size_t slash = file.find('/');
    if (slash == std::string::npos) continue;
    policy +=
        "      " + file.substr(slash + 1, file.size() - slash - 1 - std::string_view(".yaml").size()) + ": block\n";
  }
  policy += "    default: allow\nunknown_person: everyone\n";
  texts.emplace_back("policy.yaml", std::move(policy));
  return texts;
}

/// The very last resort, should the text above not load: nothing at all is let through.
catalog::Catalog block_everything() {
  catalog::Catalog catalog;
  catalog::Group everyone;
  everyone.id = everyone.title = "everyone";
  everyone.unlisted = catalog::Action::block;
  catalog.policy.groups.push_back(everyone);
  catalog.policy.time_zone = "UTC";
  return catalog;
}

}  // namespace

std::shared_ptr<const Rules> Rules::builtin_minimum() {
  catalog::Loaded loaded = catalog::load_texts(builtin_texts());
  Problems problems;
  const auto make = [&](catalog::Catalog catalog) -> std::unique_ptr<Rules::Impl> {
    std::vector<match::ListReport> reports;
    const auto file = compile(catalog, {}, {}, reports, problems);
    return file ? make_impl(std::move(catalog), file->to_memory(), problems) : nullptr;
  };
  auto impl = loaded.usable() ? make(std::move(loaded.catalog)) : nullptr;
  if (!impl) impl = make(block_everything());
  impl->builtin = true;
  return std::shared_ptr<const Rules>(new Rules(std::move(impl)));
}

}  // namespace fairlead::rules::policy
