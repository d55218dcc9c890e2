#pragma once
// The words of agent/database that every file here uses.

#include "agent/database/columns.hpp"
#include "agent/database/connection.hpp"
#include "agent/database/transaction.hpp"
#include "agent/events/event.hpp"

namespace fairlead::agent::hub {

using database::Bytes;
using database::Connection;
using database::Dialect;
using database::Row;
using database::Rows;
using database::Value;
using Now = events::TimePoint;

using database::bytes_at;
using database::column_of;
using database::count_at;
using database::null_at;
using database::number_at;
using database::text_at;
using database::time_at;

using database::connect;
using database::in;
using database::in_transaction;

}  // namespace fairlead::agent::hub
