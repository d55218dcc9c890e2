# What is installed where, and the Debian packages made of it: `cpack --config build/release/CPackConfig.cmake` makes `fairlead` for laptops
# and `fairlead-hub` for the one server that they report to. Both hold the same program, and stand on no machine together. Paths are those of
# the system, so `cmake --install build/release --component laptop` wants DESTDIR or a prefix of /.
set(package "${CMAKE_SOURCE_DIR}/installer")
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME laptop)
set(documents usr/share/doc/fairlead)

install(TARGETS fairlead DESTINATION usr/bin)
install(DIRECTORY "${CMAKE_SOURCE_DIR}/categories/" DESTINATION etc/fairlead
  FILES_MATCHING PATTERN "*.yaml" PATTERN policy.yaml EXCLUDE PATTERN schema EXCLUDE)
# policy.yaml holds the answers of the installation: postinst makes it from this one.
install(FILES "${CMAKE_SOURCE_DIR}/categories/policy.yaml" DESTINATION usr/share/fairlead)
install(DIRECTORY "${CMAKE_SOURCE_DIR}/categories/schema" DESTINATION usr/share/fairlead)
install(PROGRAMS "${package}/deb/policy-answers" DESTINATION usr/lib/fairlead)
install(FILES "${package}/systemd/fairlead.service" "${package}/systemd/fairlead-cover.service" "${package}/systemd/fairlead-cover.timer"
  "${package}/systemd/fairlead-cover.path" "${package}/systemd/fairlead-check.service" "${package}/systemd/fairlead-check.timer"
  DESTINATION lib/systemd/system)
install(FILES "${package}/README.md" DESTINATION ${documents})
install(FILES "${CMAKE_SOURCE_DIR}/categories/README.md" DESTINATION ${documents} RENAME categories.md)
install(FILES "${package}/deb/lintian-overrides" DESTINATION usr/share/lintian/overrides RENAME fairlead)

install(TARGETS fairlead DESTINATION usr/bin COMPONENT hub EXCLUDE_FROM_ALL)
install(FILES "${package}/hub/fairlead-hub.conf" DESTINATION etc COMPONENT hub EXCLUDE_FROM_ALL)
install(FILES "${package}/hub/fairlead-hub.service" "${package}/hub/fairlead-hub-export.service" DESTINATION lib/systemd/system COMPONENT hub EXCLUDE_FROM_ALL)
install(FILES "${package}/hub/README.md" DESTINATION usr/share/doc/fairlead-hub COMPONENT hub EXCLUDE_FROM_ALL)
install(FILES "${package}/hub/lintian-overrides" DESTINATION usr/share/lintian/overrides RENAME fairlead-hub COMPONENT hub EXCLUDE_FROM_ALL)

# What every package of Debian holds. The remaining words go to install().
function(install_papers component name folder)
  install(FILES "${package}/deb/completion" DESTINATION usr/share/bash-completion/completions RENAME fairlead COMPONENT ${component} ${ARGN})
  install(FILES "${package}/deb/fairlead.1" DESTINATION usr/share/man/man1 COMPONENT ${component} ${ARGN})
  install(FILES "${package}/deb/copyright" DESTINATION usr/share/doc/${name} COMPONENT ${component} ${ARGN})
  install(FILES "${CMAKE_SOURCE_DIR}/CHANGELOG.md" DESTINATION usr/share/doc/${name} RENAME changelog COMPONENT ${component} ${ARGN})
  install(FILES "${package}/${folder}/changelog" DESTINATION usr/share/doc/${name} RENAME changelog.Debian COMPONENT ${component} ${ARGN})
endfunction()
install_papers(laptop fairlead deb)
install_papers(hub fairlead-hub hub EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR DEB)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_COMPONENTS_ALL laptop hub)
set(CPACK_PACKAGE_NAME fairlead)
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_CONTACT "Fairlead contributors <maintainers@fairlead.example>")
set(CPACK_PACKAGING_INSTALL_PREFIX /)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_THREADS 0)  # as many as there are processors
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS systemd)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_LAPTOP_PACKAGE_NAME fairlead)
set(CPACK_DEBIAN_LAPTOP_PACKAGE_CONFLICTS fairlead-hub)
# adduser: the agent's account. ca-certificates: the system's store. nftables: what keeps traffic on the filter. tzdata: schedules.
# ucf: policy.yaml over upgrades.
set(CPACK_DEBIAN_LAPTOP_PACKAGE_DEPENDS "adduser, ca-certificates, debconf (>= 0.5) | debconf-2.0, nftables, tzdata, ucf")
set(CPACK_DEBIAN_LAPTOP_DESCRIPTION "web-content filter for the laptops of learners and staff
Fairlead is a local forwarding proxy for laptops that an organisation lends. It
matches every host and address that is asked for against categorised rules,
explains a block to the person it stops, and records blocked attempts, so that
the safeguarding lead can look after people. Allowed browsing is never
recorded.
.
The package runs the filter as a service with an account of its own and without
any capability, leads the laptop's web traffic to it by the kernel's firewall,
and can make a certificate authority for the laptop, so that the reason for a
blocked HTTPS site can be read.")
foreach(part config templates postinst prerm postrm)
  list(APPEND CPACK_DEBIAN_LAPTOP_PACKAGE_CONTROL_EXTRA "${package}/deb/${part}")
endforeach()
list(APPEND CPACK_DEBIAN_LAPTOP_PACKAGE_CONTROL_EXTRA "${CMAKE_BINARY_DIR}/package/conffiles")

set(CPACK_DEBIAN_HUB_PACKAGE_NAME fairlead-hub)
set(CPACK_DEBIAN_HUB_PACKAGE_CONFLICTS fairlead)
# adduser: the hub's account. libpq5: a store in PostgreSQL. tzdata: days of reports.
set(CPACK_DEBIAN_HUB_PACKAGE_DEPENDS "adduser, libpq5, tzdata")
set(CPACK_DEBIAN_HUB_PACKAGE_SUGGESTS "postgresql-client, sqlite3")
set(CPACK_DEBIAN_HUB_DESCRIPTION "desk to which laptops with the web-content filter Fairlead report
Fairlead filters the web on laptops that an organisation lends. Its hub takes
what the laptops recorded, over HTTPS and with a certificate for each of them,
and keeps it in SQLite or PostgreSQL, so that the safeguarding lead need not
walk from laptop to laptop. What it confirmed is on its disk.
.
The package runs the hub as a service with an account of its own and without
any capability. It filters nothing on the machine it stands on.")
foreach(part postinst prerm postrm conffiles)
  list(APPEND CPACK_DEBIAN_HUB_PACKAGE_CONTROL_EXTRA "${package}/hub/${part}")
endforeach()

set(CPACK_PRE_BUILD_SCRIPTS "${package}/cmake/finish_package.cmake")
set(CPACK_FAIRLEAD_CONFFILES "${CMAKE_BINARY_DIR}/package/conffiles")
include(CPack)
