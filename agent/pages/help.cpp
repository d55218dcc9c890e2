#include "agent/pages/help.hpp"

#include <algorithm>

namespace fairlead::agent::pages {

using rules::catalog::Category;
using rules::catalog::Contact;
using rules::catalog::PolicyFile;
using rules::catalog::Review;
using rules::catalog::Signpost;

namespace {

/// A learner is also whoever is in no group; staff are groups that say so. A group of another name sees what learners
/// see.
bool is_for(const Signpost& signpost, const PolicyFile& policy, std::uint16_t group) {
  if (signpost.audience != "staff" && signpost.audience != "learner") return true;
  const bool known = group < policy.groups.size() && group != policy.unknown_group;
  const std::string_view id = known ? std::string_view(policy.groups[group].id) : std::string_view();
  const bool staff = id.starts_with("staff") || id.starts_with("contractor");
  return staff == (signpost.audience == "staff");
}

bool can_be_reached(const Contact& contact) {
  return !contact.name.empty() || !contact.phone.empty() || !contact.email.empty();
}

Help lead_help(const Signpost* signpost, const Contact& contact) {
  Help help;
  help.name = signpost != nullptr && !signpost->name.empty() ? signpost->name : "Your safeguarding lead";
  help.person = contact.name;
  help.phone = contact.phone;
  help.email = contact.email;
  if (contact.phone.empty() && contact.email.empty()) help.note = "Any member of staff can put you in touch.";
  return help;
}

}  // namespace

std::vector<Help> help_of(const rules::policy::Rules& rules, const Category& category, std::uint16_t group) {
  const PolicyFile& policy = rules.policy();
  std::vector<Help> found;
  bool lead_listed = false;
  for (const std::string& id : category.help) {
    if (id == kLeadSignpost) {
      lead_listed = true;
      continue;
    }
    const Signpost* signpost = rules.signpost(id);
    if (signpost == nullptr || !is_for(*signpost, policy, group)) continue;
    found.push_back(
        {signpost->name, {}, signpost->phone, signpost->sms, {}, signpost->url, {}, signpost->kind == "advice"});
  }
  if (lead_listed) {
    const auto place = can_be_reached(policy.lead) ? found.begin() : found.end();
    found.insert(place, lead_help(rules.signpost(kLeadSignpost), policy.lead));
  }
  return found;
}

bool is_help_first(const Category& category) {
  return (category.review == Review::now || category.review == Review::day) && !category.help.empty();
}

bool is_advice_only(const std::vector<Help>& help) {
  return std::all_of(help.begin(), help.end(), [](const Help& entry) { return entry.advice; });
}

Html help_list(const std::vector<Help>& help) {
  Html list;
  if (help.empty()) return list;
  list.raw("<ul class=\"help\">\n");
  for (const Help& entry : help) {
    list.raw("<li>");
    const std::string_view address = link_address(entry.url);
    if (address.empty()) {
      list.raw("<span class=\"who\">").text(entry.name).raw("</span>");
    } else {
      list.raw("<a class=\"who\" rel=\"noreferrer\" href=\"").text(address).raw("\">").text(entry.name).raw("</a>");
    }
    list.raw("<span class=\"how\">");
    if (!entry.person.empty()) list.raw("<span class=\"person\">").text(entry.person).raw("</span> ");
    if (!entry.phone.empty()) list.raw("<span>Call <strong>").text(entry.phone).raw("</strong></span> ");
    if (!entry.sms.empty()) list.raw("<span>Text <strong>").text(entry.sms).raw("</strong></span> ");
    if (!entry.email.empty()) list.raw("<span>").text(entry.email).raw("</span> ");
    if (!entry.note.empty()) list.raw("<span>").text(entry.note).raw("</span>");
    list.raw("</span></li>\n");
  }
  list.raw("</ul>\n");
  return list;
}

}  // namespace fairlead::agent::pages
