# Run by CPack over the files that it has laid out: names the configuration files, lets editors find the
# schemas that these name, and compresses what Debian wants compressed.
set(top "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/laptop")

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

foreach(part IN ITEMS laptop/usr/share/doc/fairlead hub/usr/share/doc/fairlead-hub)
  set(documents "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/${part}")
  execute_process(COMMAND gzip -9nf "${documents}/changelog" "${documents}/changelog.Debian" "${documents}/../../man/man1/fairlead.1"
    COMMAND_ERROR_IS_FATAL ANY)
endforeach()
