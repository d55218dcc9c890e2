#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "agent/pages/help.hpp"
#include "agent/pages/pages.hpp"
#include "agent/pages/plain_forms.hpp"
#include "agent/pages/report_forms.hpp"
#include "agent/pages/sentences.hpp"
#include "agent/pages/shell.hpp"

namespace fairlead::agent::pages {

using rules::catalog::Category;
using rules::catalog::PolicyFile;
using rules::catalog::Record;
using rules::policy::Level;

namespace {

constexpr std::string_view kNotAvailable = "This site is not available on this laptop.";

struct Words {
  std::string heading, says;
};

/// What happened and why, each in one plain sentence.
Words words_of(const BlockFacts& facts) {
  const auto& decision = facts.decision;
  if (decision.undecided) {
    return {"This page could not be checked", "This page could not be checked, so it is not available."};
  }
  const Category* category = decision.category();
  if (category == nullptr) {
    const bool chosen = decision.level == Level::exception;
    const std::string_view organisation = facts.rules.policy().organisation;
    return {"This site is not available", chosen && !organisation.empty()
                                              ? std::string(organisation) + " has decided not to open this site here."
                                              : std::string(kNotAvailable)};
  }
  std::optional<std::string> next_open;
  if (decision.opens_at) next_open = when_text(*decision.opens_at, facts.now, facts.rules.policy().time_zone);
  std::string says = fill_says(category->says, next_open);
  if (says.empty()) says = kNotAvailable;
  if (next_open && says.find(*next_open) == std::string::npos) says += " It opens again " + *next_open + ".";
  return {next_open ? "This site is not open right now" : "This site is not available", std::move(says)};
}

/// The kind of site that may be named: none where it is only feared, not known.
const Category* named_category(const rules::policy::Decision& decision) {
  return decision.undecided ? nullptr : decision.category();
}

/// What the entry really holds: the words searched for only where a search was what matched.
Record recorded_as(const rules::policy::Decision& decision) {
  const Category* category = decision.category();
  if (category == nullptr) return Record::host;
  if (category->record == Record::words && decision.words.empty()) return Record::host;
  return category->record;
}

/// Only what was recorded has an entry that can be answered or asked about.
bool has_entry(const BlockFacts& facts) { return facts.recorded && !facts.decision_id.empty(); }

/// Which site decided, where it is not the one in the address bar; empty otherwise.
std::string other_site(const rules::policy::Decision& decision) {
  rules::url::CanonicalUrl other;
  if (decision.address.empty() || !other.assign(decision.address)) return {};
  using rules::policy::About;
  const std::string_view says = decision.about == About::inner        ? "The address holds another one inside: "
                                : decision.about == About::look_alike ? "Its name looks like another one: "
                                                                      : "It is another name for ";
  return std::string(says).append(other.host()) + ".";
}

/// The host that was asked for, and why another one decided.
Html site_lines(const BlockFacts& facts) {
  Html lines;
  lines.raw("<p class=\"host\">").text(facts.url.host()).raw("</p>\n");
  if (const std::string other = other_site(facts.decision); !other.empty())
    lines.raw("<p class=\"host\">").text(other).raw("</p>\n");
  return lines;
}

Html record_section(const BlockFacts& facts) {
  Html section;
  section.raw("<section class=\"record\" aria-labelledby=\"record\">\n<h2 id=\"record\">What is recorded</h2>\n<p>");
  const Category* category = facts.decision.category();
  if (!facts.recorded) {
    section.raw("This was counted, not recorded: no name and no site are kept.");
  } else {
    section.raw("Recorded: ")
        .text(recorded_text(recorded_as(facts.decision)))
        .text(other_site(facts.decision).empty() ? "" : ", also of the other one")
        .raw(", the time and your account. Only the safeguarding lead can see that it was you; IT cannot.");
    if (category != nullptr) {
      const auto days = kept_for(facts.rules.policy().retention, category->severity).count();
      section.raw(" Your name and the site are erased after ").text(std::to_string(days)).raw(" days.");
    }
  }
  section.raw("</p>\n<p>Not recorded: sites that open normally, what you read, and ");
  if (facts.recorded && recorded_as(facts.decision) == Record::words) {
    section.raw("anything else that you type.");
  } else {
    section.raw("anything that you type.");
  }
  section.raw("</p>\n<dl>");
  if (const Category* named = named_category(facts.decision); named != nullptr) {
    section.raw("<div><dt>Kind of site</dt><dd>").text(named->title).raw("</dd></div>");
  }
  if (has_entry(facts)) {
    section.raw("<div><dt>Reference</dt><dd class=\"reference\">").text(facts.decision_id).raw("</dd></div>");
  }
  section.raw("</dl>\n</section>\n");
  return section;
}

Html answer_section(const BlockFacts& facts) {
  Html section;
  if (!has_entry(facts)) return section;
  section.raw("<section aria-labelledby=\"answer\">\n<h2 id=\"answer\">Not what you expected?</h2>\n")
      .part(report_forms(facts.decision_id, kReportPath))
      .raw("</section>\n");
  return section;
}

Html help_section(const std::vector<Help>& help) {
  Html section;
  if (help.empty()) return section;
  section.raw("<section aria-labelledby=\"help\">\n<h2 id=\"help\">")
      .text(is_advice_only(help) ? "Good to know" : "Where help is")
      .raw("</h2>\n")
      .part(help_list(help))
      .raw("</section>\n");
  return section;
}

/// Help before everything else: who can be reached comes first, what was stopped after it.
Html help_first_main(const BlockFacts& facts, const Words& words, const std::vector<Help>& help) {
  Html main;
  main.raw("<section class=\"panel help-first\">\n<h1>You can talk to someone</h1>\n<p class=\"says\">")
      .text(words.says)
      .raw("</p>\n")
      .part(help_list(help))
      .raw("<p class=\"danger\">If you or someone else is in danger now, call <strong>999</strong>.</p>\n</section>\n")
      .raw("<section aria-labelledby=\"what\">\n<h2 id=\"what\">")
      .text(words.heading)
      .raw("</h2>\n")
      .part(site_lines(facts))
      .raw("</section>\n");
  return main;
}

Html plain_main(const BlockFacts& facts, const Words& words, const std::vector<Help>& help) {
  Html main;
  main.raw("<section class=\"panel\">\n<h1>")
      .text(words.heading)
      .raw("</h1>\n")
      .part(site_lines(facts))
      .raw("<p class=\"says\">")
      .text(words.says)
      .raw("</p>\n</section>\n")
      .part(help_section(help));
  return main;
}

bool belongs_to(const rules::catalog::PolicyLink& link, const Category* category) {
  if (link.categories.empty()) return true;
  if (category == nullptr) return false;
  for (const std::string& id : link.categories) {
    if (id == category->id) return true;
  }
  return false;
}

Html footer_of(const PolicyFile& policy, const Category* category) {
  Html links;
  for (const auto& link : policy.links) {
    const std::string_view address = link_address(link.url);
    if (address.empty() || !belongs_to(link, category)) continue;
    links.raw("<li><a rel=\"noreferrer\" href=\"").text(address).raw("\">").text(link.title).raw("</a></li>\n");
  }
  Html footer;
  if (!links.empty()) footer.raw("<ul class=\"links\">\n").part(links).raw("</ul>\n");
  const auto& it = policy.it;
  if (!it.phone.empty() || !it.email.empty()) {
    footer.raw("<p>For questions about the filter, ask IT: ").text(it.phone);
    if (!it.phone.empty() && !it.email.empty()) footer.raw(", ");
    footer.text(it.email).raw("</p>\n");
  }
  return footer;
}

std::string block_html(const BlockFacts& facts, const Words& words, const std::vector<Help>& help) {
  const Category* category = named_category(facts.decision);
  const bool help_first = category != nullptr && !help.empty() && is_help_first(*category);
  Html main = help_first ? help_first_main(facts, words, help) : plain_main(facts, words, help);
  main.part(answer_section(facts)).part(record_section(facts));
  const PolicyFile& policy = facts.rules.policy();
  return whole_page(words.heading, policy.organisation, main, footer_of(policy, category));
}

std::string block_json(const BlockFacts& facts, const Words& words, const std::vector<Help>& help) {
  const Category* category = named_category(facts.decision);
  nlohmann::ordered_json out;
  out["error"] = "blocked";
  out["category"] = category != nullptr ? nlohmann::ordered_json(category->id) : nlohmann::ordered_json();
  out["title"] = words.heading;
  out["says"] = words.says;
  if (const std::string other = other_site(facts.decision); !other.empty()) out["because"] = other;
  out["id"] = facts.decision_id;
  out["help"] = nlohmann::ordered_json::array();
  for (const Help& entry : help) {
    nlohmann::ordered_json one;
    const std::array<std::pair<const char*, const std::string*>, 7> fields = {{{"name", &entry.name},
                                                                               {"person", &entry.person},
                                                                               {"phone", &entry.phone},
                                                                               {"sms", &entry.sms},
                                                                               {"email", &entry.email},
                                                                               {"url", &entry.url},
                                                                               {"note", &entry.note}}};
    for (const auto& [name, value] : fields) {
      if (!value->empty()) one[name] = *value;
    }
    out["help"].push_back(std::move(one));
  }
  return json_text(out);
}

}  // namespace

Answer block_page(const BlockFacts& facts, Form form) {
  if (form != Form::html && form != Form::json) return empty_answer(403, form);
  const Words words = words_of(facts);
  std::vector<Help> help;
  if (const Category* category = named_category(facts.decision); category != nullptr && !facts.decision.undecided) {
    help = help_of(facts.rules, *category, facts.decision.group);
  }
  if (form == Form::json) return {403, std::string(kJsonType), block_json(facts, words, help)};
  return {403, std::string(kHtmlType), block_html(facts, words, help)};
}

}  // namespace fairlead::agent::pages
