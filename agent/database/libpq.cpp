#include "agent/database/libpq.hpp"

#include <string>

#include <boost/dll/shared_library.hpp>

namespace fairlead::agent::database {
namespace {

constexpr auto kLibrary = "libpq.so.5";  // its interface has been number 5 since PostgreSQL 8.2

Result<Libpq> load() {
  try {
    // Never unloaded: the libraries that it loads itself do not all bear that.
    static const auto& library =
        *new boost::dll::shared_library(kLibrary, boost::dll::load_mode::search_system_folders);
    return Libpq{
        .connect = &library.get<decltype(::PQconnectdbParams)>("PQconnectdbParams"),
        .status = &library.get<decltype(::PQstatus)>("PQstatus"),
        .error_message = &library.get<decltype(::PQerrorMessage)>("PQerrorMessage"),
        .finish = &library.get<decltype(::PQfinish)>("PQfinish"),
        .prepare = &library.get<decltype(::PQprepare)>("PQprepare"),
        .run_prepared = &library.get<decltype(::PQexecPrepared)>("PQexecPrepared"),
        .run = &library.get<decltype(::PQexec)>("PQexec"),
        .next_result = &library.get<decltype(::PQgetResult)>("PQgetResult"),
        .put_copy_data = &library.get<decltype(::PQputCopyData)>("PQputCopyData"),
        .put_copy_end = &library.get<decltype(::PQputCopyEnd)>("PQputCopyEnd"),
        .result_status = &library.get<decltype(::PQresultStatus)>("PQresultStatus"),
        .error_field = &library.get<decltype(::PQresultErrorField)>("PQresultErrorField"),
        .rows = &library.get<decltype(::PQntuples)>("PQntuples"),
        .columns = &library.get<decltype(::PQnfields)>("PQnfields"),
        .type = &library.get<decltype(::PQftype)>("PQftype"),
        .is_null = &library.get<decltype(::PQgetisnull)>("PQgetisnull"),
        .value = &library.get<decltype(::PQgetvalue)>("PQgetvalue"),
        .length = &library.get<decltype(::PQgetlength)>("PQgetlength"),
        .unescape_bytes = &library.get<decltype(::PQunescapeBytea)>("PQunescapeBytea"),
        .clear = &library.get<decltype(::PQclear)>("PQclear"),
        .free = &library.get<decltype(::PQfreemem)>("PQfreemem"),
    };
  } catch (const std::exception& failed) {
    return fail(Errc::unsupported, Side::local,
                std::string(kLibrary) + ", with which PostgreSQL is spoken to, cannot be loaded (" + failed.what() +
                    "); it is in the package libpq5");
  }
}

}  // namespace

const Result<Libpq>& libpq() {
  static const Result<Libpq> kLoaded = load();
  return kLoaded;
}

}  // namespace fairlead::agent::database
