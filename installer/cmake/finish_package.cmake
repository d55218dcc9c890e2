# Run by CPack over the files that it has laid out: names the configuration files, lets editors find the
# schemas that these name, and compresses what Debian wants compressed.
set(top "${CPACK_TEMPORARY_INSTALL_DIRECTORY}")

file(CREATE_LINK /usr/share/fairlead/schema "${top}/etc/fairlead/schema" SYMBOLIC)
file(GLOB_RECURSE files LIST_DIRECTORIES false RELATIVE "${top}" "${top}/etc/*")
list(SORT files)
set(names "")
foreach(name IN LISTS files)
  if(NOT IS_SYMLINK "${top}/${name}")
    string(APPEND names "/${name}\n")
  endif()
endforeach()
file(WRITE "${CPACK_FAIRLEAD_CONFFILES}" "${names}")

set(documents "${top}/usr/share/doc/fairlead")
execute_process(COMMAND gzip -9nf "${documents}/changelog" "${documents}/changelog.Debian" "${top}/usr/share/man/man1/fairlead.1"
  COMMAND_ERROR_IS_FATAL ANY)
