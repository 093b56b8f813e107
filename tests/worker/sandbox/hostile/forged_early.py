# what: answers before it is asked
# expect: invalid_output
import os

os.write(4, b'\0\0\0\x18{"id":1,"class":"Value"}' )
