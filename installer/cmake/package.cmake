# What is installed where, and the Debian package made of it: `cpack --config build/release/CPackConfig.cmake`. Paths are those of the
# system, so `cmake --install` wants DESTDIR or a prefix of /.
set(package "${CMAKE_SOURCE_DIR}/installer")
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
install(FILES "${package}/deb/completion" DESTINATION usr/share/bash-completion/completions RENAME fairlead)
install(FILES "${package}/deb/fairlead.1" DESTINATION usr/share/man/man1)
install(FILES "${package}/deb/copyright" "${package}/README.md" DESTINATION ${documents})
install(FILES "${CMAKE_SOURCE_DIR}/categories/README.md" DESTINATION ${documents} RENAME categories.md)
install(FILES "${CMAKE_SOURCE_DIR}/CHANGELOG.md" DESTINATION ${documents} RENAME changelog)
install(FILES "${package}/deb/changelog" DESTINATION ${documents} RENAME changelog.Debian)
install(FILES "${package}/deb/lintian-overrides" DESTINATION usr/share/lintian/overrides RENAME fairlead)

set(CPACK_GENERATOR DEB)
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
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# adduser: the agent's account. ca-certificates: the system's store. nftables: what keeps traffic on the filter. tzdata: schedules.
# ucf: policy.yaml over upgrades.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, ca-certificates, debconf (>= 0.5) | debconf-2.0, nftables, tzdata, ucf")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS systemd)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "web-content filter for the laptops of learners and staff
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
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
foreach(part config templates postinst prerm postrm)
  list(APPEND CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "${package}/deb/${part}")
endforeach()
list(APPEND CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "${CMAKE_BINARY_DIR}/package/conffiles")
set(CPACK_PRE_BUILD_SCRIPTS "${package}/cmake/finish_package.cmake")
set(CPACK_FAIRLEAD_CONFFILES "${CMAKE_BINARY_DIR}/package/conffiles")
include(CPack)
