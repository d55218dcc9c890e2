#include "agent/exchange/notice.hpp"

#include <optional>
#include <utility>

#include "agent/events/digest.hpp"
#include "agent/events/pack_parts.hpp"
#include "agent/exchange/fields.hpp"

namespace fairlead::agent::exchange {
namespace {

using nlohmann::json;
using rules::catalog::Action;

constexpr std::size_t kNoticeBodyBytes = 4'096;
constexpr std::size_t kMostGroups = 50;

json time_of(events::TimePoint time) { return time.time_since_epoch().count(); }

json json_of(const DeskException& one) {
  return {{"id", one.id},
          {"by", one.by},
          {"url", one.exception.url},
          {"groups", one.exception.groups},
          {"owner", one.exception.owner},
          {"reason", one.exception.reason},
          {"expires", one.exception.expires}};
}

struct Write {
  json operator()(const AnswerNotice& one) const {
    return {{"kind", "answer"}, {"event", one.event}, {"time", time_of(one.time)}, {"by", one.by}, {"body", one.body}};
  }
  json operator()(const TaskAnswerNotice& one) const {
    return {{"kind", "task_answer"}, {"events", one.events},      {"task", one.task},
            {"rule", one.rule},      {"time", time_of(one.time)}, {"body", one.body}};
  }
  json operator()(const ReviewNotice& one) const {
    return {
        {"kind", "review"}, {"events", one.events}, {"time", time_of(one.time)}, {"by", one.by}, {"state", one.state}};
  }
  json operator()(const ErasureNotice& one) const {
    return {{"kind", "erasure"},
            {"salt", events::hex(one.person.salt)},
            {"digest", events::hex(one.person.digest)},
            {"by", one.by}};
  }
};

/// Takes texts out of an object, and remembers whether one was missing.
struct NoticeTexts {
  const json& from;
  bool all = true;
  std::string take(const char* name, std::size_t most = kFieldBytes) {
    const std::string* text = text_at(from, name, most);
    all = all && text != nullptr;
    return text == nullptr ? std::string() : *text;
  }
  std::string take_bytes(const char* name) {
    std::string bytes = events::bytes_from_hex(take(name));
    all = all && bytes.size() == Pseudonym::kBytes;
    return bytes;
  }
  std::vector<std::string> several(const json& object, const char* name, std::size_t most) {
    std::vector<std::string> out;
    const auto found = object.find(name);
    all = all && found != object.end() && found->is_array() && found->size() <= most;
    if (!all) return out;
    for (const json& one : *found) {
      all = all && one.is_string() && one.get_ref<const std::string&>().size() <= kFieldBytes;
      if (all) out.push_back(one);
    }
    return out;
  }
};

std::optional<DeskException> exception_from(const json& object) {
  if (!object.is_object()) return std::nullopt;
  NoticeTexts texts{object};
  DeskException out{texts.take("id"),
                    texts.take("by"),
                    {texts.take("url", 2'048), texts.several(object, "groups", kMostGroups), Action::allow,
                     texts.take("owner"), texts.take("reason"), texts.take("expires")}};
  if (!texts.all) return std::nullopt;
  return out;
}

std::optional<ExceptionSet> set_from(const json& object) {
  const std::string* digest = object.is_object() ? text_at(object, "digest", kFieldBytes) : nullptr;
  const auto all = object.is_object() ? object.find("all") : object.end();
  if (digest == nullptr || all == object.end() || !all->is_array() || all->size() > kMostExceptions)
    return std::nullopt;
  ExceptionSet out{*digest, {}};
  for (const json& one : *all) {
    auto exception = exception_from(one);
    if (!exception) return std::nullopt;
    out.all.push_back(std::move(*exception));
  }
  return out;
}

/// Nothing where it cannot be read.
std::optional<Notice> notice_from(const json& object, std::string id, std::string_view kind) {
  NoticeTexts texts{object};
  Notice out{std::move(id), {}};
  const auto time = time_at(object, "time");
  if (kind == "answer" && time) {
    out.what = AnswerNotice{texts.take("event"), *time, texts.take("by"), texts.take("body", kNoticeBodyBytes)};
  } else if (kind == "task_answer" && time) {
    out.what = TaskAnswerNotice{texts.several(object, "events", kMostNoticeEvents), texts.take("task"),
                                texts.take("rule", kNoticeBodyBytes), *time, texts.take("body", kNoticeBodyBytes)};
  } else if (kind == "review" && time) {
    out.what =
        ReviewNotice{texts.several(object, "events", kMostNoticeEvents), *time, texts.take("by"), texts.take("state")};
  } else if (kind == "erasure") {
    out.what = ErasureNotice{{texts.take_bytes("salt"), texts.take_bytes("digest")}, texts.take("by")};
  } else {
    return std::nullopt;
  }
  if (!texts.all) return std::nullopt;
  return out;
}

struct EventsOf {
  std::vector<std::string> operator()(const AnswerNotice& one) const { return {one.event}; }
  std::vector<std::string> operator()(const TaskAnswerNotice& one) const { return one.events; }
  std::vector<std::string> operator()(const ReviewNotice& one) const { return one.events; }
  std::vector<std::string> operator()(const ErasureNotice&) const { return {}; }
};

}  // namespace

std::vector<std::string> events_of(const Notice& notice) { return std::visit(EventsOf{}, notice.what); }

std::string write_notice(const Notice& notice) {
  json out = std::visit(Write{}, notice.what);
  out["id"] = notice.id;
  return dump(out);
}

std::string set_digest(const std::vector<std::string>& ids) {
  constexpr std::size_t kEnough = 16;  // of its letters: it tells sets apart, and proves nothing
  if (ids.empty()) return {};
  events::Hasher hasher;
  for (const std::string& id : ids) hasher.add(id);
  return events::hex(hasher.finish().view()).substr(0, kEnough);
}

std::string write_notices(const std::vector<std::string>& texts, const std::optional<ExceptionSet>& exceptions) {
  json out = {{"notices", json::array()}};
  for (const std::string& text : texts) out["notices"].push_back(json::parse(text, nullptr, false));
  if (exceptions) {
    out["exceptions"] = {{"digest", exceptions->digest}, {"all", json::array()}};
    for (const DeskException& one : exceptions->all) out["exceptions"]["all"].push_back(json_of(one));
  }
  return dump(out);
}

Result<Told> read_notices(std::string_view text) {
  const auto wrong = [] { return bad("what the hub tells cannot be read"); };
  const json parsed = json::parse(text, nullptr, false);
  const auto all = parsed.is_object() ? parsed.find("notices") : parsed.end();
  if (all == parsed.end() || !all->is_array() || all->size() > kMostNotices) return wrong();
  Told out;
  for (const json& one : *all) {
    if (!one.is_object()) return wrong();
    NoticeTexts texts{one};
    const std::string id = texts.take("id"), kind = texts.take("kind");
    if (!texts.all || id.empty()) return wrong();
    if (auto notice = notice_from(one, id, kind)) {
      out.notices.push_back(std::move(*notice));
    } else {
      out.unreadable.push_back({id, kind});
    }
  }
  if (parsed.contains("exceptions")) {
    out.exceptions = set_from(parsed["exceptions"]);
    out.exceptions_unreadable = !out.exceptions;
  }
  return out;
}

std::string write_health(std::string_view health, const std::vector<std::string>& heard,
                         const std::string& exceptions) {
  json out = json::parse(health, nullptr, false);
  if (!heard.empty()) out["heard"] = heard;
  if (!exceptions.empty()) out["exceptions"] = exceptions;
  return dump(out);
}

Result<Health> read_health(std::string_view text) {
  json parsed = json::parse(text, nullptr, false);
  if (!parsed.is_object()) return bad("no JSON object");
  Health out;
  if (parsed.contains("heard")) {
    NoticeTexts texts{parsed};
    out.heard = texts.several(parsed, "heard", 4 * kMostNotices);
    if (!texts.all) return bad("'heard' is no list of ids");
    parsed.erase("heard");
  }
  if (parsed.contains("exceptions")) {
    const std::string* digest = text_at(parsed, "exceptions", kFieldBytes);
    if (digest == nullptr) return bad("'exceptions' is no digest");
    out.exceptions = *digest;
    parsed.erase("exceptions");
  }
  out.health = dump(parsed);
  return out;
}

}  // namespace fairlead::agent::exchange
