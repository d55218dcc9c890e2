#include <doctest/doctest.h>

#include "tests/unit/rules/catalog/imports/imported.hpp"

using namespace fairlead::rules::catalog;

TEST_CASE("hosts: the names behind the address are taken, with comments, tabs and several names on a line") {
  const auto list = imported(
      "# a list\n"
      "\n"
      "0.0.0.0 Bad.example\n"
      "127.0.0.1\tone.example two.example  three.example # why\n"
      "::1 six.example\n"
      "  0.0.0.0   spaced.example  \n"
      "0.0.0.0 comment.example#glued\n"
      "alone.example\n",
      ListFormat::hosts);
  CHECK(list.hosts == Texts{"bad.example", "one.example", "two.example", "three.example", "six.example",
                            "spaced.example", "comment.example", "alone.example"});
  CHECK(list.lines == std::vector<std::uint32_t>{3, 4, 4, 4, 5, 6, 7, 8});
  CHECK(list.left_out.empty());
}

TEST_CASE("hosts: the names of the machine itself are not sites") {
  const auto list = imported(
      "127.0.0.1 localhost localhost.localdomain\n255.255.255.255 broadcasthost\n::1 ip6-loopback\n"
      "127.0.0.1 LOCAL\n127.0.0.1 localhost.example\n",
      ListFormat::hosts);
  CHECK(list.hosts == Texts{"localhost.example"});
  CHECK(list.left_out == Texts{"1: a local name: localhost", "1: a local name: localhost.localdomain",
                               "2: a local name: broadcasthost", "3: a local name: ip6-loopback",
                               "4: a local name: LOCAL"});
}

TEST_CASE("hosts: addresses in the place of names, and lines that are something else, are left out") {
  const auto list =
      imported("0.0.0.0 0.0.0.0\n0.0.0.0 fe80::1\n10.1.2.3\n<td>not a list</td>\n0.0.0.0 a..example\n0.0.0.0 com\n",
               ListFormat::hosts);
  CHECK(list.hosts.empty());
  CHECK(list.left_out == Texts{"1: an address: 0.0.0.0", "2: an address: fe80::1", "3: an address: 10.1.2.3",
                               "4: bad syntax: <td>not a list</td>", "5: not a host: a..example",
                               "6: matches everything: com"});
}
