package org.rowmill.mounter;

/** The steps of a node's way up, in their order. */
public enum ConnectionStep {
    /** The address becomes an IP address. */
    RESOLVE("resolve"),
    /** A TCP connection to the SSH server. */
    CONNECT("connect"),
    /** The server shows who it is. */
    HOST_KEY("host key"),
    /** The user logs in. */
    AUTHENTICATE("authenticate"),
    /** What the node has: system, CPUs, Java, sshfs. */
    PROBE("probe"),
    /** The files of consumer and project reach the node's cache. */
    COPY("copy"),
    /** A Java 17 or newer. */
    JAVA("Java"),
    /** The project directory. */
    MOUNT("mount"),
    /** The way back to the broker. */
    BROKER("broker"),
    /** The process that computes. */
    CONSUMER("consumer");

    private final String text;

    ConnectionStep(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
