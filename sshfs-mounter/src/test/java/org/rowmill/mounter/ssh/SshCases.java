package org.rowmill.mounter.ssh;

import static org.rowmill.mounter.ssh.SshCase.HOST;
import static org.rowmill.mounter.ssh.SshCase.KEY;
import static org.rowmill.mounter.ssh.SshCase.fails;
import static org.rowmill.mounter.ssh.SshCase.onlyRowmill;
import static org.rowmill.mounter.ssh.SshCase.onlySsh;
import static org.rowmill.mounter.ssh.SshCase.works;

import java.util.ArrayList;
import java.util.List;

/** The configurations that {@link SshComparisonTest} tries. No user of the server is named {@code nobody-here}. */
final class SshCases {

    private static final String OTHER = " User nobody-here\n";
    private static final String STRICT = " StrictHostKeyChecking yes\n";
    private static final String UNKNOWN = "# no keys\n";

    private SshCases() {}

    static List<SshCase> all() {
        List<SshCase> all = new ArrayList<>(blocks());
        all.addAll(routes());
        all.addAll(keys());
        all.addAll(hostKeys());
        all.addAll(algorithms());
        return List.copyOf(all);
    }

    private static List<SshCase> blocks() {
        return List.of(
                works("an alias with `HostName`, `Port` and `IdentityFile`", HOST + KEY),
                fails("`User` of a block", HOST + KEY + OTHER),
                fails("the first of two values of `User`", "Host n?\n" + OTHER + HOST + KEY + " User root\n"),
                works("`ssh_user` of the cluster file instead of `User`", HOST + KEY + OTHER)
                        .as("ME"),
                works("`Include` of a file", "Include HOME/more\n").with("more", HOST + KEY),
                works("`Include` with a wildcard directory", "Include HOME/conf.d/*/config\n")
                        .with("conf.d/x/config", HOST + KEY)
                        .with("conf.d/y/other", "Host n1\n" + OTHER),
                works("`Include` in a block of another host", HOST + KEY + "Host other\n Include HOME/more\n")
                        .with("more", "User nobody-here\n"),
                fails("`Match host`, which means `HostName`", HOST + KEY + "Match host 127.0.0.*\n" + OTHER),
                works("`Match host` with an alias that has a `HostName`", HOST + KEY + "Match host n1\n" + OTHER),
                fails("`Match originalhost`", HOST + KEY + "Match originalhost n1,n2\n" + OTHER),
                works("`Match !originalhost`", HOST + KEY + "Match !originalhost n1\n" + OTHER),
                fails("`Match exec`, if the command succeeds", HOST + KEY + "Match exec \"test %n = n1\"\n" + OTHER),
                works("`Match exec`, if the command fails", HOST + KEY + "Match exec \"test %n = n2\"\n" + OTHER),
                fails("`Match user`", HOST + KEY + " User x\nMatch user x\n User nobody-here\n"),
                fails("`Match localuser`", HOST + KEY + "Match localuser ME\n" + OTHER),
                fails("`Match final`", HOST + KEY + "Match final host 127.0.0.1\n" + OTHER),
                works("a comment in Latin-1", "# B\u00fcro\n" + HOST + KEY),
                works("tokens in `IdentityFile`", HOST + " IdentityFile HOME/id_%n-%h-%p-%%\n")
                        .with("id_n1-127.0.0.1-PORT-%", "FILE id_ed25519"),
                works("options with `=`, quotes and other cases", """
                                host=n1
                                 hostname = "127.0.0.1"
                                 PORT=PORT
                                 identityfile "HOME/a key"
                                """).with("a key", "FILE id_ed25519"),
                fails("an unknown option", HOST + KEY + " NoSuchOption yes\n"),
                works(
                        "an unknown option that `IgnoreUnknown` names",
                        "IgnoreUnknown NoSuch*\n" + HOST + KEY + " NoSuchOption yes\n"));
    }

    private static List<SshCase> routes() {
        String behind = "Host n1\n HostName 127.0.0.1\n Port BEHIND\n" + KEY;
        String jump = "Host hop\n HostName 127.0.0.1\n Port PORT\n" + KEY;
        return List.of(
                works("`ProxyJump`", behind + " ProxyJump hop\n" + jump),
                works(
                        "`ProxyJump` with a port and two hosts",
                        behind + " ProxyJump hop,ME@last:CHACHA\n" + jump + "Host last\n HostName 127.0.0.1\n" + KEY),
                fails("`User` of the jump host", behind + " ProxyJump hop\n" + jump + OTHER),
                works("`ProxyJump none` before another one", behind + " ProxyJump none\nHost *\n ProxyJump gone\n"),
                works("`ProxyCommand`", behind + " ProxyCommand ssh -F HOME/config -W %h:%p hop\n" + jump),
                fails("`ProxyCommand` that fails", behind + " ProxyCommand false\n"),
                works(
                        "`ProxyCommand none` before `ProxyJump`",
                        behind + " ProxyCommand none\nHost *\n ProxyJump gone\n"),
                works("`BindAddress`", HOST + KEY + " BindAddress 127.0.0.3\n"),
                fails("`AddressFamily` without such an address", HOST + KEY + " AddressFamily inet6\n"),
                works(
                        "`ConnectTimeout`, `ServerAliveInterval`, `Compression`",
                        HOST + KEY + " ConnectTimeout 1m\n ServerAliveInterval 5\n Compression yes\n"));
    }

    private static List<SshCase> keys() {
        String only = HOST + " IdentitiesOnly yes\n";
        String agent = " IdentityAgent AGENT\n";
        return List.of(
                works(
                        "an `IdentityFile` that does not exist, and one that does",
                        only + " IdentityFile HOME/gone\n" + KEY),
                works("a broken key file, and a good one", only + " IdentityFile HOME/broken\n" + KEY)
                        .with("broken", "garbage\n"),
                works("a key with a passphrase, and a good one", only + " IdentityFile HOME/locked\n" + KEY),
                fails("a key with a passphrase only", only + " IdentityFile HOME/locked\n"),
                works(
                        "a public key as `IdentityFile`, its private key in the agent",
                        only + agent + " IdentityFile HOME/held.pub\n"),
                works(
                        "a missing key file beside its public key, in the agent",
                        only + agent + " IdentityFile HOME/held\n"),
                works("a key of the agent only", HOST + agent),
                fails("a key of the agent only, with `IdentitiesOnly`", only + agent + " IdentityFile HOME/other\n"),
                fails("`IdentityAgent none`", HOST + " IdentityAgent none\n IdentityFile HOME/held.pub\n"),
                works("a certificate beside its key (`id-cert.pub`)", only + " IdentityFile HOME/certified\n"),
                works("`CertificateFile`", only + " IdentityFile HOME/plain\n CertificateFile HOME/for-plain.pub\n"),
                works(
                        "`CertificateFile`, its private key in the agent",
                        only + agent + " IdentityFile HOME/agent-ca.pub\n CertificateFile HOME/agent-ca-cert.pub\n"),
                works("an RSA key in PEM", only + " IdentityFile HOME/id_rsa\n"),
                fails("`PubkeyAuthentication no`", HOST + KEY + " PubkeyAuthentication no\n"),
                onlyRowmill("a key file that others may read", only + " IdentityFile HOME/readable\n"));
    }

    private static List<SshCase> hostKeys() {
        String changed = "[127.0.0.1]:PORT OTHERKEY\n";
        String certified = "Host n1\n HostName 127.0.0.1\n Port CERTIFIED\n" + KEY;
        return List.of(
                works("`StrictHostKeyChecking yes`, a known key", HOST + KEY + STRICT),
                fails("`StrictHostKeyChecking yes`, an unknown key", HOST + KEY + STRICT)
                        .with("known_hosts", UNKNOWN),
                onlyRowmill("`StrictHostKeyChecking ask` (the default), an unknown key", HOST + KEY)
                        .with("known_hosts", UNKNOWN),
                works(
                                "`StrictHostKeyChecking accept-new`, an unknown key",
                                HOST + KEY + " StrictHostKeyChecking accept-new\n")
                        .with("known_hosts", UNKNOWN),
                fails(
                                "`StrictHostKeyChecking accept-new`, a changed key",
                                HOST + KEY + " StrictHostKeyChecking accept-new\n")
                        .with("known_hosts", changed),
                works("`StrictHostKeyChecking no`, an unknown key", HOST + KEY + " StrictHostKeyChecking no\n")
                        .with("known_hosts", UNKNOWN),
                works("`StrictHostKeyChecking no`, a changed key", HOST + KEY + " StrictHostKeyChecking no\n")
                        .with("known_hosts", changed),
                works(
                                "`UserKnownHostsFile /dev/null` and `StrictHostKeyChecking no`",
                                HOST + KEY + " UserKnownHostsFile /dev/null\n StrictHostKeyChecking no\n")
                        .with("known_hosts", changed),
                works(
                                "the second of two files of `UserKnownHostsFile`",
                                HOST + KEY + STRICT + " UserKnownHostsFile HOME/empty HOME/mine\n")
                        .with("known_hosts", changed)
                        .with("mine", "[127.0.0.1]:PORT PLAINKEY\n"),
                works("`GlobalKnownHostsFile`", HOST + KEY + STRICT + " GlobalKnownHostsFile HOME/global\n")
                        .with("known_hosts", UNKNOWN)
                        .with("global", "[127.0.0.1]:PORT PLAINKEY\n"),
                works("`HostKeyAlias`", HOST + KEY + STRICT + " HostKeyAlias cluster-key\n")
                        .with("known_hosts", "cluster-key PLAINKEY\n"),
                works("a host key without the port", HOST + KEY + STRICT).with("known_hosts", "127.0.0.1 PLAINKEY\n"),
                works(
                                "`HashKnownHosts yes`, an unknown key",
                                HOST + KEY + " HashKnownHosts yes\n StrictHostKeyChecking accept-new\n")
                        .with("known_hosts", UNKNOWN),
                works("`@cert-authority`", certified + STRICT).with("known_hosts", "@cert-authority 127.0.0.* CAKEY\n"),
                fails("`@cert-authority` of other hosts", certified + STRICT)
                        .with("known_hosts", "@cert-authority *.example.org CAKEY\n"),
                fails("`@cert-authority` and `@revoked`", certified + STRICT)
                        .with("known_hosts", "@cert-authority * CAKEY\n@revoked * CAKEY\n"),
                fails("`@revoked`", HOST + KEY).with("known_hosts", "[127.0.0.1]:PORT PLAINKEY\n@revoked * PLAINKEY\n"),
                fails("`RevokedHostKeys`", HOST + KEY + " RevokedHostKeys HOME/revoked\n")
                        .with("revoked", "PLAINKEY\n"),
                works(
                                "`NoHostAuthenticationForLocalhost yes`, a changed key",
                                HOST + KEY + " NoHostAuthenticationForLocalhost yes\n")
                        .with("known_hosts", changed));
    }

    private static List<SshCase> algorithms() {
        return List.of(
                works("a server with `chacha20-poly1305` only", "Host n1\n HostName 127.0.0.1\n Port CHACHA\n" + KEY),
                works(
                        "a server with old algorithms, which the configuration allows",
                        "Host n1\n HostName 127.0.0.1\n Port OLD\n" + KEY + " Ciphers +aes256-cbc\n"
                                + " KexAlgorithms +diffie-hellman-group14-sha1\n MACs +hmac-sha1\n"),
                fails("a server with old algorithms", "Host n1\n HostName 127.0.0.1\n Port OLD\n" + KEY),
                onlySsh("a server with `sntrup761x25519` only", "Host n1\n HostName 127.0.0.1\n Port SNTRUP\n" + KEY),
                works(
                        "`Ciphers`, `KexAlgorithms` and `MACs`",
                        HOST + KEY + " Ciphers aes256-ctr\n"
                                + " KexAlgorithms ecdh-sha2-nistp384\n MACs hmac-sha2-512\n"));
    }
}
