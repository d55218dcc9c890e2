#include "tests/bench/rules/material.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <utility>

namespace fairlead::bench {

using rules::catalog::ListFormat;

void give_up(const std::string& why) {
  std::fprintf(stderr, "bench_rules: %s\n", why.c_str());
  std::exit(3);
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) give_up(path.string() + " cannot be read");
  std::string text(std::filesystem::file_size(path), '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  return text;
}

std::vector<std::string> read_lines(const std::filesystem::path& path) {
  std::ifstream in(path);
  if (!in) give_up(path.string() + " cannot be read");
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(std::move(line));
  return lines;
}

rules::match::FileBytes map_file(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat info {};
  if (file < 0 || ::fstat(file, &info) != 0) give_up(path.string() + " cannot be opened");
  const auto size = static_cast<std::size_t>(info.st_size);
  void* begin = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
  ::close(file);
  if (begin == MAP_FAILED) give_up(path.string() + " cannot be mapped");
  return {{static_cast<const std::byte*>(begin), size},
          std::shared_ptr<const void>(begin, [size](const void* bytes) { ::munmap(const_cast<void*>(bytes), size); })};
}

std::size_t resident() {
  std::ifstream in("/proc/self/statm");
  std::size_t all = 0, pages = 0;
  in >> all >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

void add_list(Lists& lists, std::string id, ListFormat format, std::filesystem::path path) {
  rules::catalog::Category category;
  category.id = id;
  category.lists = {id};
  lists.catalog.categories.push_back(std::move(category));
  rules::catalog::ListSource source;
  source.id = std::move(id);
  source.format = format;
  source.from = path.string();
  lists.catalog.lists.push_back(std::move(source));
  lists.paths.push_back(std::move(path));
}

Lists read_manifest(const std::filesystem::path& path) {
  static const std::map<std::string, ListFormat, std::less<>> kFormats{
      {"hosts", ListFormat::hosts},     {"domains", ListFormat::domains}, {"dnsmasq", ListFormat::dnsmasq},
      {"adblock", ListFormat::adblock}, {"ut1", ListFormat::ut1},
  };
  Lists lists;
  for (const std::string& line : read_lines(path)) {
    const std::size_t first = line.find('\t');
    const std::size_t second = line.find('\t', first + 1);
    if (second == std::string::npos) give_up(path.string() + ": not a line of a manifest: " + line);
    add_list(lists, line.substr(0, first), kFormats.at(line.substr(first + 1, second - first - 1)),
             line.substr(second + 1));
  }
  return lists;
}

rules::match::FileWriter compile(const Lists& lists) {
  std::vector<rules::catalog::Problem> problems;
  rules::match::Compiler compiler(lists.catalog);
  for (std::size_t i = 0; i < lists.catalog.categories.size(); ++i) {
    compiler.add_category(static_cast<std::uint16_t>(i), problems);
  }
  for (std::size_t i = 0; i < lists.paths.size(); ++i) {
    compiler.add_list({&lists.catalog.lists[i], lists.paths[i], "bench"}, problems);
  }
  if (!problems.empty()) give_up(rules::catalog::to_string(problems.front()));
  return compiler.finish(std::string(64, '0'), {});
}

void write_file(const rules::match::FileWriter& writer, const std::filesystem::path& path) {
  std::ofstream out(path, std::ios::binary);
  if (!writer.write(out) || !out.flush()) give_up(path.string() + " cannot be written");
}

std::unique_ptr<const rules::match::Ruleset> open_ruleset(rules::match::FileBytes bytes,
                                                          const rules::catalog::Catalog& catalog) {
  auto opened = rules::match::Ruleset::open(std::move(bytes), catalog);
  if (!opened) give_up(opened.error().context);
  return std::move(*opened);
}

}  // namespace fairlead::bench
