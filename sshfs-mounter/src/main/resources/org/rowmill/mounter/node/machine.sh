# Which machine this is: prints a line each, a word, a space, a value. Machine.java reads them. It runs on the head, too.
#
#     boot          this run of the kernel; all containers on one computer have the same
#     processes     the process namespace: containers have one each
#     host          the host name
#     installation  this installation of the system; copies of a disk have the same
#
# A value is missing if the system does not know it.
# shellcheck shell=sh
say_machine() {
    printf 'boot %s\n' "$(cat /proc/sys/kernel/random/boot_id 2>/dev/null || sysctl -n kern.bootsessionuuid 2>/dev/null ||
        sysctl -n kern.boottime 2>/dev/null | tr -dc 'a-zA-Z0-9')"
    printf 'processes %s\n' "$(readlink /proc/self/ns/pid 2>/dev/null)"
    printf 'host %s\n' "$(uname -n)"
    printf 'installation %s\n' "$(cat /etc/machine-id 2>/dev/null || cat /var/lib/dbus/machine-id 2>/dev/null ||
        sysctl -n kern.hostuuid 2>/dev/null)"
}
