#pragma once
// The functions of libpq that a connection calls. The library is loaded when the first PostgreSQL store is opened, and
// so by a hub alone: it would bring every laptop 3 MiB of memory, and LDAP and Kerberos with it. For
// postgres_connection.cpp only; from any thread.

#include <libpq-fe.h>

#include "rules/base/result.hpp"

namespace fairlead::agent::database {

struct Libpq {
  decltype(&::PQconnectdbParams) connect;
  decltype(&::PQstatus) status;
  decltype(&::PQerrorMessage) error_message;
  decltype(&::PQfinish) finish;
  decltype(&::PQprepare) prepare;
  decltype(&::PQexecPrepared) run_prepared;
  decltype(&::PQexec) run;
  decltype(&::PQgetResult) next_result;
  decltype(&::PQputCopyData) put_copy_data;
  decltype(&::PQputCopyEnd) put_copy_end;
  decltype(&::PQresultStatus) result_status;
  decltype(&::PQresultErrorField) error_field;
  decltype(&::PQntuples) rows;
  decltype(&::PQnfields) columns;
  decltype(&::PQftype) type;
  decltype(&::PQgetisnull) is_null;
  decltype(&::PQgetvalue) value;
  decltype(&::PQgetlength) length;
  decltype(&::PQunescapeBytea) unescape_bytes;
  decltype(&::PQclear) clear;
  decltype(&::PQfreemem) free;
};

/// Loads it at the first call, for the rest of the process.
/// Errors   unsupported: it is not installed.
[[nodiscard]] const Result<Libpq>& libpq();

}  // namespace fairlead::agent::database
