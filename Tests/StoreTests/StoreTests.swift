import GRDB
import Geodesy
import Patrol
import Store
import Testing
