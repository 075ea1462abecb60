package org.rowmill.mounter.ssh.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The keys with which a user logs in.
 *
 * @param files key files, in their order
 * @param certificates certificate files, besides those next to the key files
 * @param onlyThese whether other keys of the SSH agent are not tried
 * @param agent socket of the SSH agent, if there is one
 * @param allowed whether keys may be used at all (PubkeyAuthentication)
 */
public record UserKeys(
        List<Path> files, List<Path> certificates, boolean onlyThese, Optional<Path> agent, boolean allowed) {

    /** Copies the lists. */
    public UserKeys {
        files = List.copyOf(files);
        certificates = List.copyOf(certificates);
    }
}
