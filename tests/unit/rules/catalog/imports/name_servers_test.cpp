// The formats of name servers: dnsmasq and unbound.

#include <doctest/doctest.h>

#include "tests/unit/rules/catalog/imports/imported.hpp"

using namespace fairlead::rules::catalog;

TEST_CASE("dnsmasq: address, server and local close names; several stand on a line") {
  const auto list = imported(
      "# head\n"
      "address=/a.example/\n"
      "address=/b.example/0.0.0.0\n"
      "address=/c.example/::\n"
      "address=/d.example/#\n"
      "server=/e.example/\n"
      "local=/f.example/g.example/\n"
      "address = /h.example/0.0.0.0 # why\n",
      ListFormat::dnsmasq);
  CHECK(list.hosts ==
        Texts{"a.example", "b.example", "c.example", "d.example", "e.example", "f.example", "g.example", "h.example"});
  CHECK(list.left_out.empty());
}

TEST_CASE("dnsmasq: a server that answers opens a name, and other settings are not names") {
  const auto list =
      imported("server=/a.example/192.0.2.1\ncache-size=1000\naddress=/#/0.0.0.0\naddress=//1.2.3.4\nserver=8.8.8.8\n",
               ListFormat::dnsmasq);
  CHECK(list.hosts.empty());
  CHECK(list.left_out == Texts{"1: bad syntax: server=/a.example/192.0.2.1", "2: bad syntax: cache-size=1000",
                               "3: matches everything: #", "4: not a host: ", "5: bad syntax: server=8.8.8.8"});
}

TEST_CASE("unbound: zones that refuse and data that lead astray close names, each once") {
  const auto list = imported(
      "server:\n"
      "local-zone: \"a.example\" always_nxdomain\n"
      "  local-zone: \"b.example.\" redirect\n"
      "  local-data: \"b.example. 3600 IN A 0.0.0.0\"\n"
      "local-data: 'c.example AAAA ::'\n"
      "local-zone: d.example static # bare\n",
      ListFormat::unbound);
  CHECK(list.hosts == Texts{"a.example", "b.example", "c.example", "d.example"});
  CHECK(list.left_out == Texts{});
}

TEST_CASE("unbound: zones that stay open and other records are left out") {
  const auto list = imported(
      "local-zone: \"a.example\" transparent\nlocal-data: \"b.example CNAME safe.example\"\n"
      "local-zone: \".\" refuse\nverbosity: 1\nlocal-zone: \"c.example\n",
      ListFormat::unbound);
  CHECK(list.hosts.empty());
  CHECK(list.left_out.size() == 5);
  CHECK(list.left_out[2] == "3: matches everything: local-zone: \".\" refuse");
}
