#include "faulty_disk.hpp"

#include <sqlite3.h>

#include <map>
#include <mutex>

namespace fairlead::agent::events {
namespace {

struct Installed {
  FaultyDisk disk;
  sqlite3_vfs* real = nullptr;
  sqlite3_vfs vfs{};
  // Each kind of file has its own table of functions, copied once with ours in place.
  std::mutex mutex;
  struct Methods {
    sqlite3_io_methods table;
    const sqlite3_io_methods* real;
    bool is_log;
  };
  std::map<std::pair<const sqlite3_io_methods*, bool>, Methods> methods;
};

Installed& installed() {
  static Installed one;
  return one;
}

const Installed::Methods& methods_of(sqlite3_file* file) {
  return *reinterpret_cast<const Installed::Methods*>(file->pMethods);
}

int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  FaultyDisk& disk = installed().disk;
  if (disk.write_answer != SQLITE_OK && disk.good_writes-- <= 0) return disk.write_answer;
  return methods_of(file).real->xWrite(file, data, size, offset);
}

int sync(sqlite3_file* file, int flags) {
  FaultyDisk& disk = installed().disk;
  if (disk.before_sync) disk.before_sync();
  if (disk.sync_answer != SQLITE_OK) return disk.sync_answer;
  if (methods_of(file).is_log) ++disk.log_syncs;
  return methods_of(file).real->xSync(file, flags);
}

int open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
  Installed& all = installed();
  const int code = all.real->xOpen(all.real, name, file, flags, out_flags);
  if (code != SQLITE_OK || file->pMethods == nullptr) return code;
  const bool is_log = (flags & SQLITE_OPEN_WAL) != 0;
  const std::lock_guard lock(all.mutex);
  auto [found, fresh] = all.methods.try_emplace({file->pMethods, is_log});
  if (fresh) {
    found->second = {*file->pMethods, file->pMethods, is_log};
    found->second.table.xWrite = write;
    found->second.table.xSync = sync;
  }
  file->pMethods = &found->second.table;
  return SQLITE_OK;
}

}  // namespace

FaultyDisk& faulty_disk() {
  Installed& all = installed();
  static const bool once = [&] {
    all.real = sqlite3_vfs_find(nullptr);
    all.vfs = *all.real;
    all.vfs.pNext = nullptr;
    all.vfs.zName = "faulty";
    all.vfs.xOpen = open;
    return sqlite3_vfs_register(&all.vfs, 1) == SQLITE_OK;
  }();
  (void)once;
  return all.disk;
}

}  // namespace fairlead::agent::events
