package org.rowmill.mounter.sftp;

/** Receives what the user of the head should know about the requests of one client. Called on the server's thread. */
public interface ClientNotices {

    /** Notices that nobody receives. */
    ClientNotices IGNORED = new ClientNotices() {};

    /**
     * The client tried to change a path that it may only read.
     *
     * @param path relative to the shared directory
     */
    default void changeRefused(String path) {}

    /**
     * The client made or moved a symbolic link that leads outside the shared directory, or that may do so when other
     * links change.
     *
     * @param link relative to the shared directory
     * @param target as the client wrote it
     */
    default void linkLeadsOutside(String link, String target) {}
}
