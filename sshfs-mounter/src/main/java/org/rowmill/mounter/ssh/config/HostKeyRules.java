package org.rowmill.mounter.ssh.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How the key of a server is checked.
 *
 * @param name of the server in known_hosts
 * @param alias whether the name is a HostKeyAlias, which has no port
 * @param checking what to do with a key that is not known
 * @param userFiles known_hosts files of the user; new keys are added to the first
 * @param globalFiles known_hosts files of the system
 * @param revoked files with revoked keys
 * @param hashNames whether names are hashed when a key is added
 * @param trustLoopback whether a server on this computer is not checked (NoHostAuthenticationForLocalhost)
 */
public record HostKeyRules(
        String name,
        boolean alias,
        Checking checking,
        List<Path> userFiles,
        List<Path> globalFiles,
        List<Path> revoked,
        boolean hashNames,
        boolean trustLoopback) {

    /** What StrictHostKeyChecking says. */
    public enum Checking {
        /** A person is to be asked; the default. */
        ASK,
        /** Rejects unknown keys. */
        YES,
        /** Adds unknown keys and rejects changed ones. */
        ACCEPT_NEW,
        /** Adds unknown keys and accepts changed ones. */
        NO
    }

    /** Copies the lists. */
    public HostKeyRules {
        userFiles = List.copyOf(userFiles);
        globalFiles = List.copyOf(globalFiles);
        revoked = List.copyOf(revoked);
    }

    /** Returns all files with known keys. */
    public List<Path> files() {
        List<Path> all = new ArrayList<>(userFiles);
        all.addAll(globalFiles);
        return List.copyOf(all);
    }
}
