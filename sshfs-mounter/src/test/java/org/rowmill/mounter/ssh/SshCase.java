package org.rowmill.mounter.ssh;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.rowmill.schemas.cluster.ClusterNode;

/**
 * A configuration to log in with.
 *
 * @param name as in docs/ssh.md
 * @param files files of the SSH directory by name, with placeholders; {@code config} is one of them
 * @param user of the cluster file
 * @param ssh whether the program ssh logs in
 * @param rowmill whether Rowmill logs in
 */
record SshCase(String name, Map<String, String> files, Optional<String> user, boolean ssh, boolean rowmill) {

    static final String HOST = "Host n1\n HostName 127.0.0.1\n Port PORT\n";
    static final String KEY = " IdentityFile HOME/id_ed25519\n";

    static SshCase works(String name, String config) {
        return new SshCase(name, Map.of("config", config), Optional.empty(), true, true);
    }

    static SshCase fails(String name, String config) {
        return new SshCase(name, Map.of("config", config), Optional.empty(), false, false);
    }

    /** A case that ssh rejects and Rowmill accepts. */
    static SshCase onlyRowmill(String name, String config) {
        return new SshCase(name, Map.of("config", config), Optional.empty(), false, true);
    }

    /** A case that ssh accepts and Rowmill rejects. */
    static SshCase onlySsh(String name, String config) {
        return new SshCase(name, Map.of("config", config), Optional.empty(), true, false);
    }

    SshCase with(String file, String text) {
        Map<String, String> more = new HashMap<>(files);
        more.put(file, text);
        return new SshCase(name, more, user, ssh, rowmill);
    }

    SshCase as(String login) {
        return new SshCase(name, files, Optional.of(login), ssh, rowmill);
    }

    ClusterNode node() {
        return new ClusterNode(
                "n1", user, OptionalInt.empty(), Optional.<Path>empty(), 0, Optional.empty(), List.of(), 1);
    }

    @Override
    public String toString() {
        return name;
    }
}
