package org.rowmill.mounter.ssh.config;

import java.time.Duration;
import java.util.Optional;
import org.rowmill.schemas.cluster.ClusterNode;

/**
 * The destination of a session. A value of the cluster file overrides the SSH configuration, which overrides the
 * defaults.
 *
 * @param alias the host as the user wrote it
 * @param host name or IP address to connect to
 * @param user who logs in
 * @param port of the SSH server
 * @param route how to get there
 * @param hostKey how its host key is checked
 * @param keys the keys of the user
 * @param algorithms which algorithms are allowed
 * @param connectTimeout ConnectTimeout, if the SSH configuration has it
 */
public record SshTarget(
        String alias,
        String host,
        String user,
        int port,
        Route route,
        HostKeyRules hostKey,
        UserKeys keys,
        Algorithms algorithms,
        Optional<Duration> connectTimeout) {

    /** Returns the same target behind other jump hosts. */
    SshTarget by(Route other) {
        return new SshTarget(alias, host, user, port, other, hostKey, keys, algorithms, connectTimeout);
    }

    /**
     * Returns a command of OpenSSH for this target, to be shown to the user.
     *
     * @param program {@code ssh} or {@code ssh-copy-id}
     */
    public String command(String program) {
        return program + (port == ClusterNode.DEFAULT_PORT ? "" : " -p " + port) + " " + user + "@" + host;
    }

    @Override
    public String toString() {
        return user + "@" + host + (port == ClusterNode.DEFAULT_PORT ? "" : ":" + port);
    }
}
