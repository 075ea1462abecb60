package org.rowmill.schemas;

/** Makes threads that have a name and do not keep the JVM alive. */
public final class Threads {

    private Threads() {}

    /**
     * Makes a daemon thread. The caller starts it.
     *
     * @param name shown in thread dumps
     * @param work what the thread runs
     */
    public static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Makes and starts a daemon thread.
     *
     * @param name shown in thread dumps
     * @param work what the thread runs
     */
    public static Thread startDaemon(String name, Runnable work) {
        Thread thread = daemon(name, work);
        thread.start();
        return thread;
    }
}
