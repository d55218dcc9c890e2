#include "agent/console/controls.hpp"

#include "agent/pages/sentences.hpp"
#include "rules/policy/schedule.hpp"

namespace fairlead::agent::console {

using pages::Html;

namespace {

using std::chrono::sys_days;
using std::chrono::sys_seconds;

sys_seconds on_the_wall(const Visit& visit, Moment moment) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(moment);
  const auto zone = rules::policy::Zone::find(visit.desk.rules->policy().time_zone);
  return zone ? seconds + zone->offset_at(seconds) : seconds;
}

std::string two_digits(unsigned number) { return (number < 10 ? "0" : "") + std::to_string(number); }

}  // namespace

Html input(std::string_view name, std::string_view label, std::string_view type, std::string_view value) {
  Html field;
  field.raw("<div class=\"field\"><label for=\"").text(name).raw("\">").text(label).raw("</label><input id=\"");
  field.text(name).raw("\" name=\"").text(name).raw("\" type=\"").text(type).raw("\" value=\"").text(value);
  return std::move(field.raw("\" maxlength=\"200\" autocomplete=\"off\"></div>\n"));
}

Html select(std::string_view name, std::string_view label, std::span<const Choice> choices, std::string_view value) {
  Html field;
  field.raw("<div class=\"field\"><label for=\"").text(name).raw("\">").text(label).raw("</label><select id=\"");
  field.text(name).raw("\" name=\"").text(name).raw("\">");
  for (const Choice& choice : choices) {
    field.raw("<option value=\"").text(choice.value).raw("\"");
    if (choice.value == value) field.raw(" selected");
    field.raw(">").text(choice.label).raw("</option>");
  }
  return std::move(field.raw("</select></div>\n"));
}

Html site_choice(const Visit& visit) {
  const auto& asked = visit.desk.hands.sites;
  const std::vector<std::string> sites = asked ? asked() : std::vector<std::string>();
  if (sites.size() < 2) return {};
  std::vector<Choice> choices{{"", "All"}};
  for (const std::string& site : sites) choices.push_back({site, site});
  return select(kSiteField, "Training centre", choices, visit.desk.hands.site);
}

Html hidden(std::string_view name, std::string_view value) {
  Html field;
  return std::move(field.raw("<input type=\"hidden\" name=\"").text(name).raw("\" value=\"").text(value).raw("\">"));
}

Address& Address::add(std::string_view name, std::string_view value) {
  if (value.empty()) return *this;
  text_ += has_query_ ? "&" : "?";
  has_query_ = true;
  text_ += encode_piece(name) + "=" + encode_piece(value);
  return *this;
}

Address& Address::keep(const Form& form, std::span<const std::string_view> names) {
  for (const std::string_view name : names) add(name, form.line(name, 200));
  return *this;
}

Html pager(Address address, std::size_t page, std::size_t pages, Order order) {
  Html part;
  if (pages < 2) return part;
  const auto link = [&](std::size_t to, std::string_view rel, std::string_view label) {
    Address there = address;
    part.raw("<a class=\"go\" rel=\"").text(rel).raw("\" href=\"");
    part.text(there.add("page", std::to_string(to)).str()).raw("\">").text(label).raw("</a> ");
  };
  part.raw("<nav class=\"pager\" aria-label=\"Pages of this list\">");
  if (page > 1) link(page - 1, "prev", order == Order::newest_first ? "Newer" : "Earlier");
  part.raw("<span>Page ").text(std::to_string(page)).raw(" of ").text(std::to_string(pages)).raw("</span> ");
  if (page < pages) link(page + 1, "next", order == Order::newest_first ? "Older" : "Later");
  return std::move(part.raw("</nav>\n"));
}

namespace {

Moment begin_of(const Visit& visit, sys_days day) {
  const sys_seconds midnight{day};
  const auto zone = rules::policy::Zone::find(visit.desk.rules->policy().time_zone);
  if (!zone) return midnight;
  return midnight - zone->offset_at(midnight - zone->offset_at(midnight));
}

}  // namespace

std::optional<Moment> day_begin(const Visit& visit, std::string_view date) {
  const auto day = date_from(date);
  if (!day) return std::nullopt;
  return begin_of(visit, *day);
}

std::optional<Moment> day_end(const Visit& visit, std::string_view date) {
  const auto day = date_from(date);
  if (!day) return std::nullopt;
  return begin_of(visit, *day + std::chrono::days(1));
}

std::string local_date(const Visit& visit, Moment moment) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(on_the_wall(visit, moment))};
  return std::to_string(static_cast<int>(day.year())) + "-" + two_digits(static_cast<unsigned>(day.month())) + "-" +
         two_digits(static_cast<unsigned>(day.day()));
}

std::string long_day(const Visit& visit, Moment moment) {
  const auto day = std::chrono::floor<std::chrono::days>(on_the_wall(visit, moment));
  return std::string(pages::weekday_name(day)) + " " + pages::full_date(day);
}

std::string clock_time(const Visit& visit, Moment moment) {
  const auto wall = on_the_wall(visit, moment);
  const auto minutes =
      std::chrono::floor<std::chrono::minutes>(wall - std::chrono::floor<std::chrono::days>(wall)).count();
  return two_digits(static_cast<unsigned>(minutes / 60)) + ":" + two_digits(static_cast<unsigned>(minutes % 60));
}

std::string told_time(const Visit& visit, Moment moment) {
  return pages::past_text(std::chrono::floor<std::chrono::seconds>(moment),
                          std::chrono::floor<std::chrono::seconds>(visit.desk.now),
                          visit.desk.rules->policy().time_zone);
}

std::string told_time(const Visit& visit, std::optional<std::int64_t> moment, std::string_view otherwise) {
  return moment ? told_time(visit, Moment(std::chrono::milliseconds(*moment))) : std::string(otherwise);
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
  return std::to_string(number) + " " + std::string(number == 1 ? one : many);
}

}  // namespace fairlead::agent::console
