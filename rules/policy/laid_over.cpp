// Exceptions from a file of their own, laid over rules that are built already: what was compiled stays as it is, and so
// does the name under which events say what judged them.

#include <utility>

#include "rules/catalog/further_exceptions.hpp"
#include "rules/policy/impl.hpp"

namespace fairlead::rules::policy {

using catalog::Problem;

std::shared_ptr<const Rules> Rules::with_exceptions(const std::string& file, std::string_view text,
                                                    std::vector<Problem>& problems) const {
  auto further = catalog::read_further_exceptions(catalog(), file, text);
  catalog::Catalog catalog = impl_->catalog;
  catalog.files.push_back(file);
  for (catalog::FurtherException& one : further.all) {
    if (!one.usable) continue;
    if (const auto* category = statutory_category_of(*impl_, one.read)) {
      further.problems.push_back(
          problem_at(catalog, one.read.at, Problem::Kind::error, no_exception_inside(*category)));
    } else {
      catalog.policy.exceptions.push_back(std::move(one.read));
    }
  }
  for (Problem& problem : further.problems) {
    problem.kind = Problem::Kind::warning;
    problem.text += "; it does not hold";
    problems.push_back(std::move(problem));
  }
  return open(std::move(catalog), impl_->bytes, problems);
}

}  // namespace fairlead::rules::policy
